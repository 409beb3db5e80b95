/** HPACK (RFC 7541): writes header blocks in any representation one likes, reads them strictly. Strings are latin1 bytes. */
import type { Field } from '../fields.ts'
import { huffmanDecoded, huffmanEncoded } from './huffman.ts'
import { staticTable } from './static-table.ts'

/** How a field is written: without a trace in the table, never to be indexed, with a trace (§6.2), with its strings in Huffman
 *  code, with its name from the static table, by the index of the whole field. Where a way is impossible, as `plain`. */
export type Representation = 'plain' | 'never' | 'indexing' | 'huffman' | 'named' | 'indexed'

export function blockOf(fields: readonly Field[], how: (at: number) => Representation = () => 'plain'): string {
  return fields.map((field, at) => fieldBytes(field, how(at))).join('')
}

export function fieldBytes({ name, value }: Field, how: Representation): string {
  const plain = integer(0, 4, 0x00) + text(name) + text(value)
  switch (how) {
    case 'plain':
      return plain
    case 'never':
      return integer(0, 4, 0x10) + text(name) + text(value)
    case 'indexing':
      return integer(0, 6, 0x40) + text(name) + text(value)
    case 'huffman':
      return integer(0, 4, 0x00) + huffmanText(name) + huffmanText(value)
    case 'named': {
      const at = staticTable.findIndex((entry) => entry.name === name)
      return at === -1 ? plain : integer(at + 1, 4, 0x00) + text(value)
    }
    case 'indexed': {
      const at = staticTable.findIndex((entry) => entry.name === name && entry.value === value)
      return at === -1 ? plain : integer(at + 1, 7, 0x80)
    }
    default:
      return how satisfies never
  }
}

/** An integer behind a prefix of so many bits (§5.1); `bits` are those in front of it. */
export function integer(value: number, prefixBits: number, bits: number): string {
  const most = 2 ** prefixBits - 1
  if (value < most) return String.fromCharCode(bits | value)
  let bytes = String.fromCharCode(bits | most)
  let rest = value - most
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes += String.fromCharCode((rest % 0x80) | 0x80)
  return bytes + String.fromCharCode(rest)
}

function text(bytes: string): string {
  return integer(bytes.length, 7, 0x00) + bytes
}

function huffmanText(bytes: string): string {
  const code = huffmanEncoded(bytes)
  return code === null ? text(bytes) : integer(code.length, 7, 0x80) + code
}

export interface HeaderDecoder {
  /** The fields of the connection's next block; null for bytes that are none, after which no other can be read (§3.1). */
  readonly read: (block: string) => Field[] | null
}

const tableBytesDefault = 4096
/** What an entry costs beside its strings (§4.1). */
const entryBytes = 32

/** `tableBytesMax`: what the reader has said that its table may hold. */
export function headerDecoder(tableBytesMax: number = tableBytesDefault): HeaderDecoder {
  let table: Field[] = []
  let bytesMax = tableBytesMax
  const shrink = (): void => {
    let bytes = 0
    table = table.filter(({ name, value }) => {
      bytes += name.length + value.length + entryBytes
      return bytes <= bytesMax
    })
  }
  const entry = (index: number): Field | undefined =>
    index <= staticTable.length ? staticTable[index - 1] : table[index - 1 - staticTable.length]
  return {
    read(block) {
      const fields: Field[] = []
      const input = bytesOf(block)
      while (input.more()) {
        const first = input.peek()
        if (first >= 0x80) {
          const field = entry(input.integer(7) ?? 0)
          if (field === undefined) return null
          fields.push(field)
        } else if (first >= 0x20 && first < 0x40) {
          const size = input.integer(5)
          // Only at a block's beginning, and never over what was allowed (§4.2, §6.3).
          if (size === null || size > tableBytesMax || fields.length > 0) return null
          bytesMax = size
          shrink()
        } else {
          const index = input.integer(first >= 0x40 ? 6 : 4)
          const name = index === 0 ? input.text() : entry(index ?? Number.NaN)?.name
          const value = input.text()
          if (index === null || name === null || name === undefined || value === null) return null
          fields.push({ name, value })
          if (first < 0x40) continue
          table.unshift({ name, value })
          shrink()
        }
      }
      return fields
    },
  }
}

interface Input {
  readonly more: () => boolean
  readonly peek: () => number
  readonly integer: (prefixBits: number) => number | null
  readonly text: () => string | null
}

/** Longer ones are no numbers that anybody needs (§5.1). */
const integerBytesMax = 5

function bytesOf(block: string): Input {
  let at = 0
  const readInteger = (prefixBits: number): number | null => {
    const most = 2 ** prefixBits - 1
    let value = block.charCodeAt(at++) & most
    if (value < most) return value
    for (let n = 0; n < integerBytesMax && at < block.length; n++) {
      const octet = block.charCodeAt(at++)
      value += (octet & 0x7f) * 0x80 ** n
      if (octet < 0x80) return value
    }
    return null
  }
  return {
    more: () => at < block.length,
    peek: () => block.charCodeAt(at),
    integer: readInteger,
    text() {
      if (at >= block.length) return null
      const coded = block.charCodeAt(at) >= 0x80
      const length = readInteger(7)
      if (length === null || at + length > block.length) return null
      const bytes = block.slice(at, at + length)
      at += length
      return coded ? huffmanDecoded(bytes) : bytes
    },
  }
}
