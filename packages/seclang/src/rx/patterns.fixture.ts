/** Random patterns over a small alphabet, and values that are likely to match them. */

import fc from 'fast-check'
import { has, members } from './byteset.ts'
import type { Node } from './syntax.ts'

const atoms = [
  'a',
  'b',
  'K',
  'k',
  '.',
  '_',
  ' ',
  '\\n',
  '\\r',
  '\\xe9',
  '[ab]',
  '[^a]',
  '[^\\n]',
  '[a-c\\r]',
  '\\s',
  '\\w',
  '\\D',
  '\\h',
  '\\v',
  '\\N',
  '\\R',
  '[[:alpha:]]',
  '[^\\W_]',
]
const anchors = ['^', '$', '^', '$', '\\b', '\\B', '\\A', '\\z', '\\Z']
const quantifiers = ['*', '+', '?', '{2}', '{0,2}', '{1,3}', '{2,}', '{3,20}', '{17,19}', '{18}']
const openings = ['(', '(?:', '(?:', '(?i:', '(?-s:', '(?-m:', '(?>', '(?=', '(?!', '(?<=', '(?<!']

/** Pattern texts; some of them are refused (a look-behind without bound, say). */
export const patterns: fc.Arbitrary<string> = fc.letrec<{ pattern: string; unit: string; node: string }>((tie) => ({
  unit: fc.oneof(
    fc.constantFrom(...atoms),
    fc.tuple(fc.constantFrom(...openings), tie('pattern')).map(([opening, body]) => `${opening}${body})`),
  ),
  node: fc.oneof(
    { weight: 5, arbitrary: tie('unit') },
    { weight: 2, arbitrary: fc.constantFrom(...anchors) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(tie('unit'), fc.constantFrom(...quantifiers), fc.constantFrom('', '', '?', '+'))
        .map((parts) => parts.join('')),
    },
    { weight: 1, arbitrary: tie('unit').map((unit) => `(${unit})\\g{-1}`) },
  ),
  pattern: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...atoms),
    fc.array(tie('node'), { minLength: 1, maxLength: 4 }).map((nodes) => nodes.join('')),
    fc.array(tie('node'), { minLength: 2, maxLength: 3 }).map((nodes) => nodes.join('|')),
  ),
})).pattern

/** Values over the bytes that the patterns tell apart, and some that they must not. */
export const values: fc.Arbitrary<string> = fc
  .array(fc.constantFrom('a', 'b', 'A', 'k', 'K', '_', ' ', '\n', '\n', '\r', '\xe9', '\xc9', '\xa0', '\x85', '0'), {
    maxLength: 12,
  })
  .map((bytes) => bytes.join(''))

const tried = 'abAKk_ \n\r\xe9'

/** A text that the node matches but for its anchors and look-arounds; `choose(n)` picks a number below n. */
export const sampleOf = (node: Node, choose: (below: number) => number): string => {
  switch (node.kind) {
    case 'set': {
      const bytes = members(node.bytes)
      const usual = [...tried].filter((character) => has(node.bytes, character.charCodeAt(0)))
      const byte = bytes[choose(bytes.length)] ?? 0
      return usual[choose(usual.length)] ?? String.fromCharCode(byte)
    }
    case 'sequence':
      return node.items.map((item) => sampleOf(item, choose)).join('')
    case 'choice':
      return sampleOf(node.options[choose(node.options.length)] as Node, choose)
    case 'repeat': {
      const turns = node.min + choose(Math.min(node.max - node.min, 2) + 1)
      return Array.from({ length: turns }, () => sampleOf(node.body, choose)).join('')
    }
    case 'capture':
    case 'atomic':
      return sampleOf(node.body, choose)
    case 'look':
      return node.negative ? '' : sampleOf(node.body, choose)
    default:
      return ''
  }
}
