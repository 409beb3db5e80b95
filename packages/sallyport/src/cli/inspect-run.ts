/** Runs `sallyport inspect` from input to output: no more is read than is written, so that memory does not grow with the input. */
import { once } from 'node:events'
import type { NamedRuleSet } from '../waf/judge.ts'
import { type Answer, answerTo } from './inspect-answer.ts'
import { lineBatches } from './inspect-lines.ts'
import { readQuestion } from './inspect-question.ts'
import { createFront } from './inspect-raw.ts'

/** Judges line by line. True if every line was judged; false if one had an error, or nobody reads the answers any more. */
export async function judgeLines(
  input: AsyncIterable<Buffer>,
  ruleSets: readonly NamedRuleSet[],
  lineBytesMax: number,
): Promise<boolean> {
  const front = createFront()
  const output = openOutput()
  let clean = true
  for await (const lines of lineBatches(input, lineBytesMax)) {
    for (const line of lines) {
      if (line !== null && isBlank(line)) continue
      const question =
        line === null ? { id: null, error: `the line is longer than ${lineBytesMax} bytes` } : readQuestion(line)
      const answer = await answerTo(question, ruleSets, front)
      if ('error' in answer) clean = false
      if (!(await output.write(answer))) return false
    }
    if (!(await output.flush())) return false
  }
  return clean
}

/** Judges the whole input as one raw request. What is over the bound is not read: whatever it is, it is refused. */
export async function judgeRaw(
  input: AsyncIterable<Buffer>,
  ruleSets: readonly NamedRuleSet[],
  bytesMax: number,
): Promise<boolean> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of input) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > bytesMax) break
  }
  const output = openOutput()
  await output.write(await answerTo({ id: null, raw: Buffer.concat(chunks) }, ruleSets, createFront()))
  return await output.flush()
}

const space = 0x20
const carriageReturn = 0x0d
const tab = 0x09

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === space || byte === tab || byte === carriageReturn)
}

interface Output {
  /** False once nobody reads any more. */
  readonly write: (answer: Answer) => Promise<boolean>
  readonly flush: () => Promise<boolean>
}

const batchCharactersMax = 65_536

/** Standard output, in few writes, no faster than it is read. */
function openOutput(): Output {
  let batch = ''
  let closed = false
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    closed = true
    // A reader that has seen enough (`| head`) is no fault of anybody's.
    if (error.code !== 'EPIPE') process.stderr.write(`sallyport: cannot write the answers: ${error.message}\n`)
  })
  const flush = async (): Promise<boolean> => {
    if (batch !== '' && !closed) {
      const full = !process.stdout.write(batch)
      batch = ''
      if (full) await once(process.stdout, 'drain').catch(() => undefined)
    }
    return !closed
  }
  return {
    flush,
    async write(answer) {
      batch += `${JSON.stringify(answer)}\n`
      return batch.length < batchCharactersMax || (await flush())
    },
  }
}
