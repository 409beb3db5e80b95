import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { logBacklogBytesMax, logRefuseBytes } from './bounds.ts'
import { decide } from './decision.ts'
import { type DecisionLines, decisionLines, type WhenFull } from './decision-lines.ts'
import { type DecisionRecord, refusalRecord } from './decision-log.ts'
import { type LogSink, streamSink } from './log-sink.ts'

const record: DecisionRecord = refusalRecord('1', 'connection', 'public', '127.0.0.1', decide('protocol', null))
const overload: DecisionRecord = refusalRecord('2', 'request', 'public', '127.0.0.1', decide('overload', 503))
const lineBytes = JSON.stringify(record).length + 1

interface UnderTest {
  readonly lines: DecisionLines
  readonly sink: LogSink
  readonly stream: Writable
  readonly said: string[]
  readonly counted: { dropped: number; refused: number }
  readonly written: () => string
  /** Reads what was written so far, and goes on reading. */
  readonly read: () => Promise<void>
}

/** Lines to a reader that does not read until it is told to. */
function unread(whenFull: WhenFull): UnderTest {
  const held: (() => void)[] = []
  let reading = false
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk
      if (reading) done()
      else held.push(done)
    },
  })
  const said: string[] = []
  const counted = { dropped: 0, refused: 0 }
  const sink = streamSink(stream, 'out', () => lines.settled())
  const lines: DecisionLines = decisionLines(
    () => sink,
    () => whenFull,
    {
      onDropped(count) {
        counted.dropped += count
      },
      onRefused: () => void counted.refused++,
      say: (line) => said.push(line),
    },
  )
  const read = async (): Promise<void> => {
    reading = true
    for (const done of held.splice(0)) done()
    while (stream.writableLength > 0) await turn()
  }
  return { lines, sink, stream, said, counted, written: () => text, read }
}

/** As many lines as make so many bytes. */
async function fill({ lines }: UnderTest, bytes: number): Promise<number> {
  const count = Math.ceil(bytes / lineBytes)
  for (let i = 0; i < count; i++) {
    lines.log(record)
    if (i % 1000 === 0) await turn()
  }
  await turn()
  return count
}

test('records are written one a line, gathered to one write a turn', async () => {
  const one = unread('drop')
  one.lines.log(record)
  one.lines.log(record)
  await turn()
  assert.equal(one.written(), `${JSON.stringify(record)}\n`.repeat(2))
})

test('a reader that does not read costs bounded memory and lines that are counted, and the operator hears of its begin and end', async () => {
  const one = unread('drop')
  const count = await fill(one, 2 * logBacklogBytesMax)
  assert.ok(one.sink.heldBytes() <= logBacklogBytesMax + 2 * lineBytes)
  assert.ok(one.counted.dropped >= count / 3)
  assert.ok(one.lines.takes())
  assert.deepEqual(one.said, ['decision log: out does not keep up: lines that find no room are dropped'])
  await one.read()
  const dropped = one.counted.dropped
  assert.deepEqual(one.said.slice(1), [
    `decision log: out takes lines again; ${dropped} lines were dropped, 0 requests refused for it`,
  ])
  one.lines.log(record)
  await turn()
  assert.deepEqual([one.counted, one.said.length], [{ dropped, refused: 0 }, 2])
})

test('where no line may be lost, requests are refused long before one is, and served again once the reader has caught up', async () => {
  const one = unread('refuse')
  await fill(one, logRefuseBytes / 2)
  assert.ok(one.lines.takes())
  await fill(one, logRefuseBytes)
  assert.deepEqual([one.lines.takes(), one.lines.takes()], [false, false])
  assert.deepEqual(one.said, ['decision log: out does not keep up: requests are refused'])
  // The line of a refused request takes no room from one that was served.
  one.lines.log(overload)
  const count = await fill(one, logRefuseBytes)
  assert.deepEqual([count > 0, one.counted], [true, { dropped: 1, refused: 2 }])
  await one.read()
  assert.ok(one.lines.takes())
  assert.equal(one.said[1], 'decision log: out takes lines again; 1 lines were dropped, 2 requests refused for it')
})

for (const { whenFull, takes } of [
  { whenFull: 'drop', takes: true },
  { whenFull: 'refuse', takes: false },
] as const) {
  test(`a reader that is gone ${takes ? 'costs every line' : 'ends the service'} where the choice is to ${whenFull}`, async () => {
    const one = unread(whenFull)
    one.stream.destroy(new Error('write EPIPE'))
    await turn()
    one.lines.log(record)
    assert.deepEqual([one.lines.takes(), one.counted.dropped], [takes, 1])
    assert.match(one.said.join(), /^decision log: out is closed \(write EPIPE\): [^,]*$/)
  })
}
