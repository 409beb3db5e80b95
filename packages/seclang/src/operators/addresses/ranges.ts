/** Sets of address blocks, such as `10.0.0.0/8, ::1`. */
import { asciiTrim } from '../ascii.ts'
import { OperatorError } from '../operator.ts'
import { addressWords, parseAddress } from './parse.ts'

const addressBits = 128
const wordBits = 32
const mappedWord = 0xffff

interface Range {
  readonly first: bigint
  readonly last: bigint
}

/** The test "is this text an address in one of the `blocks`?", in time of the logarithm of their number. IPv4 in its
 *  IPv6 form (`::ffff:10.0.0.1`) is the IPv4 address, on both sides; a wide IPv6 block such as `::/0` holds no address
 *  that is written as IPv4. Throws `OperatorError`, naming `operator`, for a block that is none. */
export function addressSet(operator: string, blocks: readonly string[]): (text: string) => boolean {
  const ranges = blocks.map((block) => parseBlock(operator, block))
  const all = sortedBounds(ranges)
  const mapped = sortedBounds(ranges.filter((range) => range.first >> 32n === BigInt(mappedWord)))
  const words = new Uint32Array(addressWords)
  return (text) => {
    const family = parseAddress(text, words)
    return family !== 0 && contains(family === 4 ? mapped : all, words)
  }
}

function parseBlock(operator: string, block: string): Range {
  const text = asciiTrim(block)
  const slash = text.indexOf('/')
  const words = new Uint32Array(addressWords)
  const family = parseAddress(slash === -1 ? text : text.slice(0, slash), words)
  if (family === 0) {
    throw new OperatorError(`@${operator}: "${text}" is not an address; write 192.0.2.1, 192.0.2.0/24 or 2001:db8::/32`)
  }
  const bitsMax = family === 4 ? wordBits : addressBits
  const bits = slash === -1 ? bitsMax : prefixBits(text.slice(slash + 1))
  if (bits > bitsMax) {
    throw new OperatorError(`@${operator}: "${text}" has no usable prefix length; write a number from 0 to ${bitsMax}`)
  }
  const hostBits = BigInt(bitsMax - bits)
  const address = words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n)
  const first = (address >> hostBits) << hostBits
  return { first, last: first | ((1n << hostBits) - 1n) }
}

/** Infinity for what is no number. */
function prefixBits(text: string): number {
  return /^[0-9]{1,3}$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY
}

/** The ranges as words, first and last of each in turn, in order and merged so that none touches another. */
function sortedBounds(ranges: readonly Range[]): Uint32Array {
  const merged: { first: bigint; last: bigint }[] = []
  for (const { first, last } of ranges.toSorted((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))) {
    const before = merged.at(-1)
    if (before === undefined || first > before.last + 1n) merged.push({ first, last })
    else if (last > before.last) before.last = last
  }
  return Uint32Array.from(merged.flatMap(({ first, last }) => [...wordsOf(first), ...wordsOf(last)]))
}

function wordsOf(address: bigint): number[] {
  return [96n, 64n, 32n, 0n].map((shift) => Number((address >> shift) & 0xffffffffn))
}

/** Binary search: the number of bounds that are at most the address is odd inside a range, except at a last address. */
function contains(bounds: Uint32Array, words: Uint32Array): boolean {
  let low = 0
  let high = bounds.length / addressWords
  while (low < high) {
    const middle = (low + high) >>> 1
    const order = compare(bounds, middle * addressWords, words)
    if (order === 0) return true
    if (order < 0) low = middle + 1
    else high = middle
  }
  return (low & 1) === 1
}

/** Negative if the bound at `from` is below the address, 0 if it is the address. */
function compare(bounds: Uint32Array, from: number, words: Uint32Array): number {
  for (let word = 0; word < addressWords; word++) {
    const difference = bounds[from + word]! - words[word]!
    if (difference !== 0) return difference
  }
  return 0
}
