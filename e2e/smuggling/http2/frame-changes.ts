/** Changes one thing about the frames of a case: their order, number, kinds, flags, streams, bytes. */
import type { Random } from '../random.ts'
import { type Frame, flags, payloadBytesMax, types, uint } from './frame.ts'

export function changedFrames(random: Random, frames: readonly Frame[]): Frame[] {
  const all = [...frames]
  const at = random.below(all.length)
  const one = all[at]
  if (one === undefined) return all
  switch (random.below(9)) {
    case 0:
      all.splice(at, 1)
      break
    case 1:
      all.splice(at, 0, one)
      break
    case 2:
      all.splice(at, 1)
      all.splice(random.below(all.length + 1), 0, one)
      break
    case 3:
      all[at] = { ...one, flags: one.flags ^ random.pick(Object.values(flags)) }
      break
    case 4:
      all[at] = { ...one, stream: random.pick([0, 1, 2, 3, 5, 7, 0x7fff_ffff]) }
      break
    case 5:
      all[at] = { ...one, type: random.pick([...Object.values(types), 0xa, 0x10, 0xff]) }
      break
    case 6:
      // DATA alone: of a header block with other bytes, nobody knows what it says.
      all[at] = one.type === types.data ? { ...one, payload: changedBytes(random, one.payload) } : one
      break
    default:
      all.splice(random.below(all.length + 1), 0, inserted(random, one.stream))
  }
  return all
}

function changedBytes(random: Random, payload: string): string {
  const at = random.below(payload.length + 1)
  return payload.slice(0, at) + random.pick(['', '\r\n', '0\r\n\r\n', '\0']) + payload.slice(at + random.below(3))
}

const padding = 'x'

/** A frame that says nothing of a request, or nothing good. */
function inserted(random: Random, stream: number): Frame {
  const frame = (type: number, payload: string, on = stream, bits = 0): Frame => ({
    type,
    flags: bits,
    stream: on,
    payload,
  })
  return random.pick<() => Frame>([
    () => frame(types.rstStream, uint(random.pick([0, 1, 8, 0xff]), 4)),
    () => frame(types.rstStream, uint(8, 4)),
    () => frame(types.rstStream, '\0'),
    () => frame(types.data, ''),
    () => frame(types.data, '', stream, flags.endStream),
    () => frame(types.data, 'GET /more HTTP/1.1\r\nHost: s\r\n\r\n', stream, flags.endStream),
    () => frame(types.data, '\xff', stream, flags.padded),
    () => frame(types.data, '', stream, flags.padded),
    () => frame(types.priority, `${uint(random.pick([0, stream, 99]), 4)}\x10`),
    () => frame(types.priority, '\0'),
    () => frame(types.windowUpdate, uint(random.pick([0, 1, 1, 0x7fff_ffff]), 4)),
    () => frame(types.windowUpdate, uint(random.pick([0, 1, 1, 0x7fff_ffff]), 4), 0),
    () => frame(types.settings, '', 0),
    () => frame(types.settings, '', 0, flags.ack),
    () => frame(types.settings, uint(random.pick([0xf, 0x8, 0x2, 0x1]), 2) + uint(random.pick([0, 1]), 4), 0),
    () => frame(types.settings, '\0', 0),
    () => frame(types.settings, '', stream),
    () => frame(types.ping, padding.repeat(8), 0),
    () => frame(types.ping, padding.repeat(8), 0, flags.ack),
    () => frame(types.ping, padding.repeat(7), 0),
    () => frame(types.goaway, uint(0, 4) + uint(0, 4), 0),
    () => frame(types.pushPromise, uint(2, 4), stream, flags.endHeaders),
    () => frame(types.continuation, '', stream, flags.endHeaders),
    () => frame(0xa, padding),
    () => frame(0xff, padding, random.pick([0, stream])),
    () => frame(0x10, `${uint(stream, 4)}u=1`, 0),
    () => frame(types.data, padding.repeat(payloadBytesMax + 1)),
    () => frame(types.headers, ''),
  ])()
}
