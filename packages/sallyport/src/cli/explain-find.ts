/** One decision out of a log, by its id. The log may be cut, mixed with other lines, or of another version. */
import { type FileHandle, open, stat } from 'node:fs/promises'
import { z } from 'zod'
import { logLineBytesMax, logReadBytes } from '../edge/bounds.ts'
import { Failure } from './failure.ts'
import { linesFromEnd } from './last-lines.ts'

const ruleIds = z.array(z.int())
const found = z.looseObject({ rules: ruleIds })

/** What is read of a decision; the other fields are kept as they are. */
export interface LoggedDecision {
  readonly time: string
  readonly id: string
  readonly kind: 'request' | 'connection'
  readonly listener: string
  readonly client: { readonly ip: string | null }
  readonly request: LoggedRequest | null
  readonly verdict: 'allow' | 'block' | 'reject'
  readonly status: number | null
  readonly reason: string | null
  readonly rules: readonly number[]
  readonly detected: { readonly rules: readonly number[] } | null
  readonly upstream?: { readonly status: number | null } | null
  readonly response?: { readonly bytes: number; readonly inspected: number } | null
}

interface LoggedRequest {
  readonly method: string
  readonly host: string | null
  readonly path: string
  readonly bytes: number
  readonly inspected: number
}

const decision: z.ZodType<LoggedDecision> = z.looseObject({
  time: z.string(),
  id: z.string(),
  kind: z.enum(['request', 'connection']),
  listener: z.string(),
  client: z.looseObject({ ip: z.string().nullable() }),
  request: z
    .looseObject({
      method: z.string(),
      host: z.string().nullable(),
      path: z.string(),
      bytes: z.number(),
      inspected: z.number(),
    })
    .nullable(),
  verdict: z.enum(['allow', 'block', 'reject']),
  status: z.number().nullable(),
  reason: z.string().nullable(),
  rules: ruleIds,
  detected: found.nullable(),
  // Not in every log that an edge has written: absent is as good as null.
  upstream: z.looseObject({ status: z.number().nullable() }).nullable().exactOptional(),
  response: z.looseObject({ bytes: z.number(), inspected: z.number() }).nullable().exactOptional(),
})

/** Reads backwards from the end. Throws a `Failure`: 1 where the id is not in the log, 2 where the log cannot be read. */
export async function findDecision(id: string, log: string): Promise<LoggedDecision> {
  const file = await openLog(log)
  try {
    // A path may hold the same text: the bytes only say which lines are worth parsing.
    const needle = Buffer.from(JSON.stringify(id))
    for await (const line of linesFromEnd(file, { blockBytes: logReadBytes, lineBytesMax: logLineBytesMax })) {
      if (!line.includes(needle)) continue
      const value = parsed(line)
      if (value?.id !== id) continue
      const read = decision.safeParse(value)
      if (!read.success) throw new Failure(1, `${log} has a line of this id that is no decision of this version`)
      return read.data
    }
  } finally {
    await file.close()
  }
  throw new Failure(
    1,
    `${log} has no decision ${JSON.stringify(id)}: look in the log of the edge that answered, or an older one`,
  )
}

/** A pipe has no end to begin at, and to open one would wait for a writer. */
async function openLog(log: string): Promise<FileHandle> {
  const unreadable = ({ code, message }: NodeJS.ErrnoException): never => {
    throw new Failure(2, `cannot read ${log}: ${code ?? message}`)
  }
  if (!(await stat(log).catch(unreadable)).isFile())
    throw new Failure(2, `${log} is no regular file: give --log the file that decisions are written to`)
  return await open(log).catch(unreadable)
}

function parsed(line: Buffer): { readonly id?: unknown } | null {
  try {
    return JSON.parse(line.toString('utf8'))
  } catch {
    return null
  }
}
