import { flat, outputBuffer } from './output.ts'
import type { Transformation } from './transformation.ts'

/** True if the path has nothing to normalise: no empty segment and none that begins with a dot. */
function isNormal(value: string): boolean {
  return value.charCodeAt(0) !== 0x2e && !value.includes('//') && !value.includes('/.')
}

/** True for a segment that leads one level up. */
function isDotDot(value: string, start: number, end: number): boolean {
  return end - start === 2 && value.charCodeAt(start) === 0x2e && value.charCodeAt(start + 1) === 0x2e
}

/** Resolves `/./`, `/../` and `//` in a path with forward slashes. Above the root nothing is left; a relative path keeps the
 *  `..` that lead out of it. A slash at the end stays if there was one. Each byte is written and taken back at most once. */
export function resolvePath(value: string, original: string): string {
  if (isNormal(value)) return value
  const absolute = value.charCodeAt(0) === 0x2f
  const out = outputBuffer(value.length + 1)
  let length = absolute ? 1 : 0
  let floor = length // below it stand the root's slash and those `..` that cannot be resolved
  out[0] = 0x2f
  let start = 0
  while (start <= value.length) {
    const slash = value.indexOf('/', start)
    const end = slash < 0 ? value.length : slash
    const isDot = end - start === 1 && value.charCodeAt(start) === 0x2e
    // A back reference takes the segment before it along, but nothing below the floor.
    if (isDotDot(value, start, end) && (absolute || length > floor)) {
      if (length > floor) length = out.lastIndexOf(0x2f, length - 2) + 1
      if (length < floor) length = floor
    } else if (end > start && !isDot) {
      length += out.write(value.slice(start, end), length, 'latin1')
      out[length++] = 0x2f
      if (isDotDot(value, start, end)) floor = length
    }
    start = end + 1
  }
  // Each segment was written with a slash behind it; whether the last one stays, the original's end decides.
  const trailing = value.charCodeAt(value.length - 1) === 0x2f
  if (!trailing && length > 0) length--
  return flat(out, length, original)
}

/** Resolves a path's self and back references and multiple slashes, so that `/a/../etc/./passwd` shows as what it opens.
 *  Departs from ModSecurity where its in-place loop reads a name that ends in two dots (`a..`) as a back reference.
 *  Source: ModSecurity reference, "normalisePath"; RFC 3986 §5.2.4. */
export const normalisePath: Transformation<'normalisePath'> = {
  name: 'normalisePath',
  aliases: ['normalizePath'],
  apply: (value) => resolvePath(value, value),
}
