import { hexDigit, isAlphanumeric } from './digits.ts'
import { flat, outputBuffer } from './output.ts'
import type { Transformation } from './transformation.ts'

/** The five that ModSecurity knows; rules spell out others (`&colon;`, `&lpar;`) where they matter. */
const named: ReadonlyMap<string, number> = new Map([
  ['quot', 0x22],
  ['amp', 0x26],
  ['lt', 0x3c],
  ['gt', 0x3e],
  ['nbsp', 0xa0],
])
const longestName = 4

/** C's `strtol` ends at the largest long; its low byte is what ModSecurity's cast keeps of a longer number. */
const saturated = 2n ** 63n - 1n
const exactDigitsMax = 12

/** The low byte of the number in `text`. */
function numberByte(text: string, base: 10 | 16): number {
  let first = 0
  while (first < text.length - 1 && text.charCodeAt(first) === 0x30) first++
  const digits = text.length - first
  if (digits <= exactDigitsMax) return Number.parseInt(text.slice(first), base) % 0x100
  if (digits > exactDigitsMax * 2) return 0xff // over any long in either base
  const number = BigInt((base === 16 ? '0x' : '') + text.slice(first))
  return Number((number > saturated ? saturated : number) & 0xffn)
}

/** Where the digits from `from` on end. */
function digitsEnd(value: string, from: number, base: 10 | 16): number {
  let end = from
  for (; end < value.length; end++) {
    const digit = hexDigit(value.charCodeAt(end))
    if (digit < 0 || digit >= base) break
  }
  return end
}

/** Where the name from `from` on ends, but not further than a name that counts could. */
function nameEnd(value: string, from: number): number {
  let end = from
  while (end - from <= longestName && isAlphanumeric(value.charCodeAt(end))) end++
  return end
}

function apply(value: string): string {
  // Most values hold no reference: those cost one search.
  let at = value.indexOf('&')
  if (at < 0) return value
  const out = outputBuffer(value.length)
  let length = out.write(value.slice(0, at), 'latin1')
  while (at < value.length) {
    const code = value.charCodeAt(at)
    let byte = -1
    let end = at
    if (code === 0x26 && value.charCodeAt(at + 1) === 0x23) {
      const base = (value.charCodeAt(at + 2) | 0x20) === 0x78 ? 16 : 10
      const from = at + (base === 16 ? 3 : 2)
      end = digitsEnd(value, from, base)
      if (end > from) byte = numberByte(value.slice(from, end), base)
    } else if (code === 0x26) {
      end = nameEnd(value, at + 1)
      byte = named.get(value.slice(at + 1, end).toLowerCase()) ?? -1
    }
    out[length++] = byte < 0 ? code : byte
    if (byte < 0) at++
    else at = value.charCodeAt(end) === 0x3b ? end + 1 : end
  }
  return flat(out, length, value)
}

/** Decodes `&#D;`, `&#xH;` (their low byte), `&quot;`, `&amp;`, `&lt;`, `&gt;` and `&nbsp;`, the semicolon being optional, as
 *  browsers have it. Source: ModSecurity reference, "htmlEntityDecode". */
export const htmlEntityDecode: Transformation<'htmlEntityDecode'> = { name: 'htmlEntityDecode', apply }
