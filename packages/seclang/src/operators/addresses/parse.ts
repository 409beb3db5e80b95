/** IPv4 and IPv6 addresses as text (RFC 4291 §2.2, RFC 6943 §3.1.1: the strict forms only, since a loose one such as
 *  `010.1` is read differently by different programs). */

/** An address is four words of 32 bits. IPv4 stands at ::ffff:0:0/96 (RFC 4291 §2.5.5.2). */
export const addressWords = 4
const groupCount = 8
const hexDigitsMax = 4
const dot = 0x2e
const colon = 0x3a
const notHex = -1
const mappedWord = 0xffff
const dottedWord = 3

/** Reads all of `text` into `words`; 4 or 6 tells how it was written, 0 that it is no address. No allocation. */
export function parseAddress(text: string, words: Uint32Array): 0 | 4 | 6 {
  words.fill(0)
  if (text.indexOf(':') !== -1) return parseIpv6(text, words) ? 6 : 0
  const value = parseDotted(text, 0)
  if (value < 0) return 0
  words[2] = mappedWord
  words[dottedWord] = value
  return 4
}

/** The four numbers from `start` to the end of `text`, or -1. */
function parseDotted(text: string, start: number): number {
  let value = 0
  let octet = -1
  let dots = 0
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code >= 0x30 && code <= 0x39) {
      // A second digit after 0 would be an octal number to some readers.
      if (octet === 0) return -1
      octet = (octet < 0 ? 0 : octet * 10) + (code - 0x30)
      if (octet > 0xff) return -1
    } else if (code === dot && octet >= 0 && dots < 3) {
      value = value * 0x100 + octet
      octet = -1
      dots++
    } else {
      return -1
    }
  }
  return dots === 3 && octet >= 0 ? value * 0x100 + octet : -1
}

/** Groups of hexadecimal digits between colons, one `::` at most, the last two groups dotted perhaps. */
function parseIpv6(text: string, words: Uint32Array): boolean {
  let group = 0
  let gap = -1
  let at = 0
  if (text.charCodeAt(0) === colon) {
    if (text.charCodeAt(1) !== colon) return false
    gap = 0
    at = 2
  }
  while (at < text.length) {
    if (group === groupCount) return false
    const start = at
    let value = 0
    for (let digit = hexAt(text, at); digit !== notHex; digit = hexAt(text, ++at)) value = (value << 4) | digit
    if (text.charCodeAt(at) === dot) return group <= 6 && endDotted(text, start, words, group, gap)
    if (at === start || at - start > hexDigitsMax) return false
    putGroup(words, group++, value)
    if (at === text.length) break
    if (text.charCodeAt(at) !== colon || ++at === text.length) return false
    if (text.charCodeAt(at) === colon) {
      if (gap !== -1) return false
      gap = group
      at++
    }
  }
  return spread(words, group, gap)
}

function endDotted(text: string, start: number, words: Uint32Array, group: number, gap: number): boolean {
  const value = parseDotted(text, start)
  if (value < 0) return false
  putGroup(words, group, value >>> 16)
  putGroup(words, group + 1, value & 0xffff)
  return spread(words, group + 2, gap)
}

/** Moves the groups after the gap to the end. `::` stands for one group at least: eight and a gap are no address. */
function spread(words: Uint32Array, count: number, gap: number): boolean {
  if (gap === -1) return count === groupCount
  if (count === groupCount) return false
  const shift = groupCount - count
  for (let from = count - 1; from >= gap; from--) {
    const value = groupAt(words, from)
    putGroup(words, from, 0)
    putGroup(words, from + shift, value)
  }
  return true
}

function groupAt(words: Uint32Array, group: number): number {
  const word = words[group >>> 1]!
  return (group & 1) === 0 ? word >>> 16 : word & 0xffff
}

function putGroup(words: Uint32Array, group: number, value: number): void {
  const word = words[group >>> 1]!
  words[group >>> 1] = (group & 1) === 0 ? (value << 16) | (word & 0xffff) : (word & 0xffff0000) | value
}

function hexAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : notHex
}
