/** Writes a set of bytes as JavaScript: `a`, `[A-Za-z]`, `[^\x0a]`. No flag is needed to read it, and none changes it. */

import { allBytes, type ByteSet, complement, members, noBytes } from './byteset.ts'

const plain = /[0-9A-Za-z_ !"#%&',:;<=>@`~]/
const hexDigits = 16

const writeByte = (byte: number): string => {
  const character = String.fromCharCode(byte)
  return plain.test(character) ? character : `\\x${byte.toString(hexDigits).padStart(2, '0')}`
}

const writeRanges = (set: ByteSet): string => {
  const bytes = members(set)
  let text = ''
  for (let at = 0; at < bytes.length; at++) {
    const low = bytes[at] as number
    let high = low
    while (bytes[at + 1] === high + 1) {
      high++
      at++
    }
    text += writeByte(low)
    if (high > low) text += `${high > low + 1 ? '-' : ''}${writeByte(high)}`
  }
  return text
}

/** JavaScript for one byte out of the set. Subjects are latin1, so `[^…]` covers no more than the complement. */
export const writeSet = (set: ByteSet): string => {
  if (set === allBytes) return '[^]'
  if (set === noBytes) return '[]'
  const bytes = members(set)
  if (bytes.length === 1) return writeByte(bytes[0] as number)
  const positive = writeRanges(set)
  const negative = writeRanges(complement(set))
  return negative.length < positive.length ? `[^${negative}]` : `[${positive}]`
}
