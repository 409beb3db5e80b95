/** Sets of bytes as 256-bit integers: immutable, comparable with ===, joined with the operators of bigint.
 *  Only used while compiling, so that the few nanoseconds of a bigint do not matter. */

/** Bit n is set if byte n is a member. */
export type ByteSet = bigint

const byteCount = 0x100

export const noBytes: ByteSet = 0n
export const allBytes: ByteSet = (1n << 0x100n) - 1n

const singles: readonly ByteSet[] = Array.from({ length: byteCount }, (_, byte) => 1n << BigInt(byte))

/** The set of one byte. */
export const single = (byte: number): ByteSet => singles[byte & 0xff] as ByteSet

/** All bytes from `low` to `high`, both included; empty if they are the wrong way round. */
export const range = (low: number, high: number): ByteSet =>
  high < low ? noBytes : (1n << BigInt(high + 1)) - (1n << BigInt(low))

/** The bytes of a latin1 string. */
export const bytesOf = (text: string): ByteSet => {
  let set = noBytes
  for (let at = 0; at < text.length; at++) set |= single(text.charCodeAt(at))
  return set
}

export const complement = (set: ByteSet): ByteSet => allBytes ^ set

export const has = (set: ByteSet, byte: number): boolean => (set & single(byte)) !== 0n

const wordBits = 32

/** Members in rising order. Word by word: a shift of the whole number for every byte took most of the time of compiling. */
export const members = (set: ByteSet): readonly number[] => {
  const found: number[] = []
  let rest = set
  for (let base = 0; rest !== noBytes; base += wordBits) {
    const word = Number(BigInt.asUintN(wordBits, rest))
    for (let bit = 0; word !== 0 && bit < wordBits; bit++) if (((word >>> bit) & 1) === 1) found.push(base + bit)
    rest >>= BigInt(wordBits)
  }
  return found
}

const upperCase = range(0x41, 0x5a)
const lowerCase = range(0x61, 0x7a)
const caseDistance = 0x20n

/** Adds the other case of every ASCII letter. Bytes above 0x7F have no case: PCRE without UTF folds by the tables of
 *  the C locale, where 0xE9 and 0xC9 are strangers. */
export const foldCase = (set: ByteSet): ByteSet =>
  set | ((set & upperCase) << caseDistance) | ((set & lowerCase) >> caseDistance)

/** The classes behind \d, \w, \s, \h, \v and POSIX names. All are ASCII, except that PCRE counts 0xA0 as horizontal
 *  and 0x85 as vertical white space (pcre2pattern, "Generic character types"). */
export const digits: ByteSet = range(0x30, 0x39)
export const letters: ByteSet = upperCase | lowerCase
export const upperLetters: ByteSet = upperCase
export const lowerLetters: ByteSet = lowerCase
export const wordBytes: ByteSet = letters | digits | single(0x5f)
export const whiteSpace: ByteSet = range(0x09, 0x0d) | single(0x20)
export const horizontalSpace: ByteSet = single(0x09) | single(0x20) | single(0xa0)
export const verticalSpace: ByteSet = range(0x0a, 0x0d) | single(0x85)
export const lineFeed: ByteSet = single(0x0a)
