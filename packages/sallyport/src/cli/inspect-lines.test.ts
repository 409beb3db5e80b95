import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { lineBatches } from './inspect-lines.ts'

const bound = 8

async function* chunksOf(chunks: readonly string[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk, 'latin1')
}

async function linesOf(chunks: readonly string[]): Promise<(string | null)[]> {
  const batches = await Array.fromAsync(lineBatches(chunksOf(chunks), bound))
  return batches.flat().map((line) => line?.toString('latin1') ?? null)
}

const cases: readonly { why: string; chunks: string[]; lines: (string | null)[] }[] = [
  { why: 'no input has no line', chunks: [], lines: [] },
  { why: 'an end of line ends a line', chunks: ['a\nb\n'], lines: ['a', 'b'] },
  { why: 'the last line needs no end', chunks: ['a\nb'], lines: ['a', 'b'] },
  { why: 'a line may come in pieces', chunks: ['a', 'b', 'c\n'], lines: ['abc'] },
  { why: 'an empty line is a line', chunks: ['\n\n'], lines: ['', ''] },
  { why: 'a line of the bound is whole', chunks: ['12345678\n'], lines: ['12345678'] },
  { why: 'a line over the bound is null, and the next is whole', chunks: ['123456789\na\n'], lines: [null, 'a'] },
  { why: 'a long line in pieces is null', chunks: ['12345', '6789', '0\na\n'], lines: [null, 'a'] },
  { why: 'a long last line is null', chunks: ['123456789'], lines: [null] },
]
for (const { why, chunks, lines } of cases) test(why, async () => assert.deepEqual(await linesOf(chunks), lines))

test('lines are the same however the input is cut', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n') })
  await fc.assert(
    fc.asyncProperty(text, fc.nat(), async (input, size) => {
      const step = 1 + (size % 7)
      const chunks = Array.from({ length: Math.ceil(input.length / step) }, (_, i) =>
        input.slice(i * step, (i + 1) * step),
      )
      const expected = input.split('\n')
      if (expected.at(-1) === '') expected.pop()
      const bounded = expected.map((line) => (line.length > bound ? null : line))
      assert.deepEqual(await linesOf(chunks), bounded)
    }),
  )
})

test('a batch comes with the chunk that completes it, not later', async () => {
  const asked: number[] = []
  async function* input(): AsyncGenerator<Buffer> {
    for (const [i, chunk] of ['a\nb', 'c\n'].entries()) {
      asked.push(i)
      yield Buffer.from(chunk)
    }
  }
  const seen: [number, string][] = []
  for await (const lines of lineBatches(input(), bound)) seen.push([asked.length, lines.join(' ')])
  assert.deepEqual(seen, [
    [1, 'a'],
    [2, 'bc'],
  ])
})
