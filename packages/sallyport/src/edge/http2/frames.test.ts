import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type FrameHead, frameScanner, peekedBytesMax } from './frames.ts'
import { frame } from './frames-under-test.ts'

const someFrame = fc.record({
  type: fc.integer({ min: 0, max: 12 }),
  flags: fc.integer({ min: 0, max: 255 }),
  stream: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  payload: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  passes: fc.boolean(),
})

test('whatever the frames and wherever they are cut, each is seen once, and those let through arrive as they were', () => {
  fc.assert(
    fc.property(
      fc.array(someFrame, { maxLength: 12 }),
      fc.nat({ max: 30 }),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
      (frames, skipped, sizes) => {
        const preface = Buffer.alloc(skipped, 'p')
        const encoded = frames.map(({ type, flags, stream, payload }) => frame(type, flags, stream, payload))
        const seen: FrameHead[] = []
        const peeks: Buffer[] = []
        const scan = frameScanner(skipped, (head, peeked) => {
          peeks.push(Buffer.from(peeked))
          seen.push(head)
          return frames[seen.length - 1]?.passes ?? assert.fail('a frame that nobody sent')
        })
        const all = Buffer.concat([preface, ...encoded])
        const passed: Buffer[] = []
        for (let at = 0, turn = 0; at < all.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1
          passed.push(Buffer.from(scan(all.subarray(at, at + size))))
          at += size
        }
        const kept = encoded.filter((_, index) => frames[index]?.passes)
        assert.deepEqual(Buffer.concat(passed), Buffer.concat([preface, ...kept]))
        assert.deepEqual(
          seen,
          frames.map(({ type, flags, stream, payload }) => ({ type, flags, stream, length: payload.length })),
        )
        assert.deepEqual(
          peeks,
          frames.map(({ payload }) => payload.subarray(0, peekedBytesMax)),
        )
      },
    ),
  )
})

test('bytes of which nothing is taken out are passed on as they are, not copied', () => {
  const scan = frameScanner(0, () => true)
  const chunk = Buffer.concat([frame(0, 0, 1, Buffer.alloc(1000)), frame(0, 1, 1)])
  assert.equal(scan(chunk), chunk)
})

test('no more than a head and what is peeked waits for the next bytes', () => {
  const scan = frameScanner(0, () => true)
  const long = frame(0, 0, 1, Buffer.alloc(10_000))
  assert.equal(scan(long.subarray(0, 9 + peekedBytesMax - 1)).length, 0)
  assert.equal(scan(long.subarray(9 + peekedBytesMax - 1, 5000)).length, 5000)
})
