import { transformationScratchBytes } from '../bounds.ts'

/** Kept between calls: a transformation is synchronous and hands out copies only, so one buffer serves them all. */
const scratch = Buffer.allocUnsafeSlow(transformationScratchBytes)

/** Room for at least `bytesMax` bytes of output. Valid until the next call: copy out with {@link flat} before that. */
export function outputBuffer(bytesMax: number): Buffer {
  return bytesMax <= scratch.length ? scratch : Buffer.allocUnsafeSlow(bytesMax)
}

/** The first `length` bytes of `out` as one flat string (neither rope nor slice, which scan two to three times slower),
 *  or `original` itself where both say the same: that one is hashed and scanned already. */
export function flat(out: Buffer, length: number, original: string): string {
  const text = out.toString('latin1', 0, length)
  return text === original ? original : text
}

/** Bytes `start` to `end` of `value`, copied: a V8 slice would keep all of a large body alive for a few bytes of it. */
export function flatSlice(value: string, start: number, end: number): string {
  if (start === 0 && end === value.length) return value
  const out = outputBuffer(end - start)
  out.write(value.slice(start, end), 'latin1')
  return out.toString('latin1', 0, end - start)
}

/** Replaces each byte by its row in `table` (256 bytes). */
export function mapBytes(value: string, table: Uint8Array): string {
  let at = 0
  while (at < value.length && table[value.charCodeAt(at)] === value.charCodeAt(at)) at++
  if (at === value.length) return value
  const out = outputBuffer(value.length)
  out.write(value, 'latin1')
  for (; at < value.length; at++) out[at] = table[out[at]!]!
  return out.toString('latin1', 0, value.length)
}

/** Leaves out every byte that `drops` names. */
export function dropBytes(value: string, drops: (code: number) => boolean): string {
  let at = 0
  while (at < value.length && !drops(value.charCodeAt(at))) at++
  if (at === value.length) return value
  const out = outputBuffer(value.length)
  out.write(value.slice(0, at), 'latin1')
  let length = at
  for (; at < value.length; at++) {
    const code = value.charCodeAt(at)
    if (!drops(code)) out[length++] = code
  }
  return out.toString('latin1', 0, length)
}
