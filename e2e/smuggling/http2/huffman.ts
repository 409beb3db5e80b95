/** The Huffman code of HPACK (RFC 7541 Appendix B) for visible ASCII and space, which is all that fields hold here. The code is
 *  canonical: the lengths give the codes. */

/** Bits of each symbol's code; those that are left out are longer than any of these, but for `\`, the first of its length. */
const symbols: readonly (readonly [bits: number, all: string])[] = [
  [5, '012aceiost'],
  [6, ' %-./3456789=A_bdfghlmnpru'],
  [7, ':BCDEFGHIJKLMNOPQRSTUVWYjkqvwxyz'],
  [8, '&*,;XZ'],
  [10, '!"()?'],
  [11, "'+|"],
  [12, '#>'],
  [13, '\0$@[]~'],
  [14, '^}'],
  [15, '<`{'],
  [19, '\\'],
]

const codes = new Map<string, string>()
let code = 0
let codeBits = 0
for (const [bits, all] of symbols) {
  code *= 2 ** (bits - codeBits)
  codeBits = bits
  for (const one of all) codes.set(one, (code++).toString(2).padStart(bits, '0'))
}
const meanings: ReadonlyMap<string, string> = new Map([...codes].map(([one, bits]) => [bits, one]))
const codeBitsMax = 19
const paddingBitsMax = 7

/** Null where a symbol has no code here. */
export function huffmanEncoded(text: string): string | null {
  let bits = ''
  for (const one of text) {
    const found = codes.get(one)
    if (found === undefined) return null
    bits += found
  }
  bits = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1')
  return (bits.match(/.{8}/g) ?? []).map((octet) => String.fromCharCode(Number.parseInt(octet, 2))).join('')
}

/** Null for what is no such code, or holds a symbol that has none here. */
export function huffmanDecoded(bytes: string): string | null {
  let text = ''
  let held = ''
  for (const octet of bytes) {
    for (const bit of octet.charCodeAt(0).toString(2).padStart(8, '0')) {
      held += bit
      const found = meanings.get(held)
      if (found !== undefined) {
        text += found
        held = ''
      } else if (held.length > codeBitsMax) return null
    }
  }
  // The rest of the last octet is the beginning of the longest code, all ones (RFC 7541 §5.2).
  return held.length <= paddingBitsMax && !held.includes('0') ? text : null
}
