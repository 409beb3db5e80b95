/** Shortens the frames of a case, and shows them to people. */
import { escaped, type Shortening } from '../minimise.ts'
import { type Frame, types } from './frame.ts'
import type { Http2Case } from './generator.ts'
import { blockOf, headerDecoder } from './hpack.ts'

/** Without each frame, without each field, without each half, quarter … of a payload of DATA. */
export function* shorterHttp2(one: Http2Case): Shortening<Http2Case> {
  let best = one
  const without = (at: number, ...instead: Frame[]): Http2Case => ({
    ...best,
    frames: [...best.frames.slice(0, at), ...instead, ...best.frames.slice(at + 1)],
  })
  for (let at = 0; at < best.frames.length; ) {
    const less = without(at)
    if (yield less) best = less
    else at++
  }
  for (let at = 0; at < best.frames.length; at++) {
    for (let n = 0; n < (fieldsOf(best.frames[at])?.length ?? 0); ) {
      const [frame, fields] = [best.frames[at], fieldsOf(best.frames[at])]
      if (frame === undefined || fields === null) break
      const less = without(at, { ...frame, payload: blockOf(fields.toSpliced(n, 1)) })
      if (yield less) best = less
      else n++
    }
    const frame = best.frames[at]
    if (frame?.type === types.data && frame.payload !== '') {
      const less = without(at, { ...frame, payload: '' })
      if (yield less) best = less
    }
  }
}

/** Null for what is no header block, or none that can be read by itself. */
function fieldsOf(frame: Frame | undefined) {
  return frame === undefined || frame.type !== types.headers ? null : headerDecoder().read(frame.payload)
}

const names: ReadonlyMap<number, string> = new Map(Object.entries(types).map(([name, type]) => [type, name]))

/** One line a frame; of a header block that can be read by itself, its fields. */
export function shownHttp2({ frames }: Http2Case): string[] {
  return frames.map((frame) => {
    const { type, flags: bits, stream, payload } = frame
    const fields = fieldsOf(frame)?.map(({ name, value }) => `${escaped(name)}: ${escaped(value)}`)
    return `${names.get(type) ?? type} on ${stream}, flags ${bits}: ${fields?.join(', ') ?? escaped(payload)}`
  })
}
