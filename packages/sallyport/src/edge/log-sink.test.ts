import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileSink, type LogSink, openFileSink } from './log-sink.ts'

/** A disk that takes so many bytes, until it is given more room. */
function disk(room: number) {
  let text = ''
  let closed = false
  let left = room
  let failed = 0
  const file = {
    write(bytes: Buffer) {
      if (left === 0) {
        failed++
        return Promise.reject(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }))
      }
      const part = bytes.subarray(0, left)
      left -= part.length
      text += part.toString()
      return Promise.resolve({ bytesWritten: part.length })
    },
    close() {
      closed = true
      return Promise.resolve()
    },
  }
  return {
    file,
    text: () => text,
    closed: () => closed,
    failed: () => failed,
    give(bytes: number) {
      left += bytes
    },
  }
}

/** A sink whose next settlement that satisfies can be awaited. */
function sinkOn(file: Parameters<typeof fileSink>[0]) {
  const waiting = new Set<() => void>()
  const sink = fileSink(
    file,
    'log',
    () => {
      for (const look of waiting) look()
    },
    1,
  )
  const when = (what: (sink: LogSink) => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!what(sink)) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  return { sink, when }
}

test('a full disk tears no line: what was not written goes on where it came to, once there is room', async () => {
  const small = disk(5)
  const { sink, when } = sinkOn(small.file)
  sink.write('one\ntwo\n')
  await when((one) => one.failure() !== null)
  assert.deepEqual([small.text(), sink.heldBytes(), sink.failsForGood], ['one\nt', 3, false])
  sink.write('three\n')
  small.give(2)
  await when((one) => one.heldBytes() === 7)
  assert.notEqual(sink.failure(), null)
  small.give(1000)
  await when((one) => one.failure() === null && one.heldBytes() === 0)
  assert.equal(small.text(), 'one\ntwo\nthree\n')
  await sink.end()
  assert.ok(small.closed())
})

test('a disk that stays full does not keep the program: ending tries once more and says what it holds', async () => {
  const small = disk(0)
  const { sink, when } = sinkOn(small.file)
  sink.write('one\n')
  await when((one) => one.failure() !== null)
  const before = small.failed()
  await sink.end()
  assert.deepEqual([sink.heldBytes(), small.closed(), small.failed() > before], [4, true, true])
})

test('a device that is always full is a failure with its name, and no exception', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const sink = await openFileSink('/dev/full', (settled) => {
    if (settled.failure() !== null) resolve()
  })
  sink.write('one\n')
  await promise
  assert.match(sink.failure()?.message ?? '', /^ENOSPC: no space left on device/)
  await sink.end()
})
