import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { linesFromEnd } from './last-lines.ts'

const folder = mkdtempSync(join(tmpdir(), 'sallyport-'))
after(() => rmSync(folder, { recursive: true }))

async function lines(text: string, blockBytes: number, lineBytesMax: number): Promise<string[]> {
  const path = join(folder, 'log')
  writeFileSync(path, text, 'latin1')
  const file = await open(path)
  try {
    return (await Array.fromAsync(linesFromEnd(file, { blockBytes, lineBytesMax }))).map((line) =>
      line.toString('latin1'),
    )
  } finally {
    await file.close()
  }
}

const cases: readonly { has: string; text: string; gives: readonly string[] }[] = [
  { has: 'nothing', text: '', gives: [] },
  { has: 'line ends alone', text: '\n\n\n', gives: [] },
  { has: 'one line without its end', text: 'abc', gives: ['abc'] },
  { has: 'lines', text: 'a\nbb\nccc\n', gives: ['ccc', 'bb', 'a'] },
  { has: 'a last line that is still being written', text: 'a\nbb', gives: ['bb', 'a'] },
  { has: 'a line over the bound', text: 'a\nlonger\nb\n', gives: ['b', 'a'] },
  { has: 'lines at the bound', text: 'abcde\nfghij\n', gives: ['fghij', 'abcde'] },
]
for (const { has, text, gives } of cases) {
  test(`a log that has ${has} is read from its end, whatever the size of a block`, async () => {
    for (const blockBytes of [1, 2, 3, 100]) assert.deepEqual(await lines(text, blockBytes, 5), gives)
  })
}

test('whatever a log holds, its lines come in turn', async () => {
  const texts = fc.array(fc.constantFrom('a', '\n', 'b', '\r'), { maxLength: 40 }).map((parts) => parts.join(''))
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 9 }), async (text, blockBytes) => {
      const expected = text.split('\n').filter((line) => line.length > 0 && line.length <= 6)
      assert.deepEqual(await lines(text, blockBytes, 6), expected.toReversed())
    }),
    { numRuns: 60 },
  )
})
