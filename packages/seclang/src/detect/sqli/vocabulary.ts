import { functionNames } from './function-names.ts'
import { keywords } from './keywords.ts'
import { phrases } from './phrases.ts'
import type { Kind, Token } from './token.ts'
import { kind } from './token.ts'

const vocabulary = new Map<string, Kind>(functionNames.map((name) => [name, kind.function]))
for (const [of, entries] of [...keywords, ...phrases]) for (const entry of entries) vocabulary.set(entry, of)

/** One flag for each (first letter, last letter, length) that occurs: tells most names from known words without making a string. */
const shapes = new Uint8Array(1 << 15)
const low5 = 0x1f

function shapeOf(first: number, last: number, length: number): number {
  // The low five bits of a letter are the same in both cases.
  return (first & low5) | ((last & low5) << 5) | ((length & low5) << 10)
}

// The parts of a phrase count as known words: two of them may merge even where neither means anything alone.
for (const entry of vocabulary.keys()) {
  for (const part of entry.split(' ')) {
    shapes[shapeOf(part.charCodeAt(0), part.charCodeAt(part.length - 1), part.length)] = 1
  }
}

/** What the token's text means, or undefined. Sets `token.word` if the text may be known, so that phrases can be built from it. */
export function lookUp(value: string, token: Token): Kind | undefined {
  const { start, length } = token
  token.word = ''
  if (length === 0) return undefined
  const end = start + length
  if (shapes[shapeOf(value.charCodeAt(start), value.charCodeAt(end - 1), length)] === 0) return undefined
  token.word = value.slice(start, end).toUpperCase()
  return vocabulary.get(token.word)
}

/** What a phrase of two words means, or undefined; both in capitals, each a word or itself a phrase. */
export function lookUpPhrase(phrase: string): Kind | undefined {
  return vocabulary.get(phrase)
}
