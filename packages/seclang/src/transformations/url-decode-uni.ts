import { hexPair, lowByteOfFour } from './digits.ts'
import { flat, outputBuffer } from './output.ts'
import type { Transformation } from './transformation.ts'

const noMap: ReadonlyMap<number, number> = new Map()

/** The byte for `%uHHHH`, its digits at `at`, or -1 where there are not four. */
function unicodeByte(value: string, at: number, map: ReadonlyMap<number, number>): number {
  const low = lowByteOfFour(value, at)
  if (low < 0 || map.size === 0) return low
  const point = (hexPair(value, at) << 8) | hexPair(value, at + 2)
  return map.get(point) ?? low
}

function decode(value: string, map: ReadonlyMap<number, number>): string {
  if (!value.includes('%') && !value.includes('+')) return value
  const out = outputBuffer(value.length)
  let length = 0
  let at = 0
  while (at < value.length) {
    const code = value.charCodeAt(at)
    if (code !== 0x25) {
      out[length++] = code === 0x2b ? 0x20 : code
      at++
      continue
    }
    // A wide form that is cut off costs the percent sign only, so that it cannot hide the next escape.
    const wide = (value.charCodeAt(at + 1) | 0x20) === 0x75
    const byte = wide ? unicodeByte(value, at + 2, map) : hexPair(value, at + 1)
    if (byte < 0) {
      out[length++] = code
      at++
    } else {
      out[length++] = byte
      at += wide ? 6 : 3
    }
  }
  return flat(out, length, value)
}

/** Decodes as `urlDecode` does and IIS's `%uHHHH` too, of which the low byte is kept (full-width forms as the ASCII they look
 *  like). Source: ModSecurity reference, "urlDecodeUni". */
export const urlDecodeUni: Transformation<'urlDecodeUni'> = {
  name: 'urlDecodeUni',
  apply: (value) => decode(value, noMap),
}

/** The same for a server whose code page is known: `map` says which byte a code point becomes there; the others go by
 *  their low byte. For SecUnicodeMapFile, see `parseUnicodeMap`. */
export function urlDecodeUniWith(map: ReadonlyMap<number, number>): Transformation<'urlDecodeUni'> {
  return { name: 'urlDecodeUni', apply: (value) => decode(value, map) }
}
