/** What every match must contain, for the prefilter: a rule whose literals a value lacks is not run. A literal too few is
 *  a bypass, so that each step below keeps this: every text that a node matches is in `exact` where that is known, begins
 *  with one of `prefix`, ends with one of `suffix`, and contains one of `best` where that is known. All compared without
 *  regard to ASCII case; anchors, look-arounds and atomicity only ever make a node match less, and are ignored. */

import { joinedLiteralsMax, requiredLiteralBytesMax, requiredLiteralsMax, spelledBytesMax } from '../bounds.ts'
import { foldCase, members } from './byteset.ts'
import type { Node, Tree } from './syntax.ts'

type Words = readonly string[]

interface Known {
  readonly exact: Words | null
  readonly prefix: Words
  readonly suffix: Words
  readonly best: Words | null
}

const anything: Words = ['']
const nothingKnown: Known = { exact: null, prefix: anything, suffix: anything, best: null }

const unique = (words: Words): Words => [...new Set(words)]

const shortest = (words: Words): number =>
  words.reduce((least, word) => Math.min(least, word.length), words.length === 0 ? 0 : requiredLiteralBytesMax)

/** The better set to scan for: its shortest word is longer, else it has fewer words. Sets with an empty word are none. */
const better = (left: Words | null, right: Words | null): Words | null => {
  const usable = right === null || shortest(right) === 0 ? null : right
  if (left === null || usable === null) return left ?? usable
  const gain = shortest(usable) - shortest(left)
  return gain > 0 || (gain === 0 && usable.length < left.length) ? usable : left
}

/** Which end of a word is kept when it is cut. */
type Side = 'start' | 'end'

const cut = (word: string, length: number, side: Side): string =>
  side === 'start' ? word.slice(0, length) : word.slice(Math.max(0, word.length - length))

/** Cuts words until there are few enough; in the end nothing is known. A cut word is contained where the word was. */
const fewer = (words: Words, most: number, side: Side): Words => {
  let found = unique(words.map((word) => cut(word, requiredLiteralBytesMax, side)))
  for (let length = requiredLiteralBytesMax; length > 0 && found.length > most; length--) {
    found = unique(found.map((word) => cut(word, length, side)))
  }
  return found.length > most ? anything : found
}

/** Every word of `left` before every word of `right`; null if they are too many. */
const join = (left: Words, right: Words): Words | null =>
  left.length * right.length > joinedLiteralsMax
    ? null
    : unique(left.flatMap((start) => right.map((end) => start + end)))

const fits = (words: Words): boolean =>
  words.length <= joinedLiteralsMax && words.every((word) => word.length <= requiredLiteralBytesMax)

const strongest = ({ exact, prefix, suffix, best }: Known): Words | null =>
  [exact, prefix, suffix].reduce<Words | null>(better, best)

const exactly = (words: Words): Known =>
  fits(words)
    ? { exact: words, prefix: words, suffix: words, best: null }
    : {
        exact: null,
        prefix: fewer(words, joinedLiteralsMax, 'start'),
        suffix: fewer(words, joinedLiteralsMax, 'end'),
        best: better(null, fewer(words, requiredLiteralsMax, 'start')),
      }

/** One node after another. */
const follow = (left: Known, right: Known): Known => {
  const whole = left.exact === null || right.exact === null ? null : join(left.exact, right.exact)
  if (whole !== null) return exactly(whole)
  const seam = join(left.suffix, right.prefix)
  const prefix = left.exact === null ? left.prefix : (join(left.exact, right.prefix) ?? left.exact)
  const suffix = right.exact === null ? right.suffix : (join(left.suffix, right.exact) ?? right.exact)
  const candidates = [strongest(left), strongest(right), seam === null ? null : fewer(seam, joinedLiteralsMax, 'start')]
  return {
    exact: null,
    prefix: fewer(prefix, joinedLiteralsMax, 'start'),
    suffix: fewer(suffix, joinedLiteralsMax, 'end'),
    best: candidates.reduce<Words | null>(better, null),
  }
}

const either = (options: readonly Known[]): Known => {
  const exact: string[] = []
  const best: string[] = []
  let allExact = true
  let allBest = true
  for (const option of options) {
    if (option.exact === null) allExact = false
    else exact.push(...option.exact)
    const words = strongest(option)
    if (words === null) allBest = false
    else best.push(...words)
  }
  if (allExact && fits(unique(exact))) return exactly(unique(exact))
  return {
    exact: null,
    prefix: fewer(
      options.flatMap(({ prefix }) => prefix),
      joinedLiteralsMax,
      'start',
    ),
    suffix: fewer(
      options.flatMap(({ suffix }) => suffix),
      joinedLiteralsMax,
      'end',
    ),
    best: allBest ? better(null, fewer(best, requiredLiteralsMax, 'start')) : null,
  }
}

const repeated = (body: Known, min: number, max: number): Known => {
  if (max === 0) return exactly(anything)
  if (min === 0) return max === 1 && body.exact !== null ? exactly(unique([...body.exact, ''])) : nothingKnown
  let known = body
  // More turns than the longest literal has bytes cannot make it longer.
  const turns = Math.min(min, requiredLiteralBytesMax + 1)
  for (let turn = 1; turn < turns; turn++) known = follow(known, body)
  if (turns === max) return known
  return { exact: null, prefix: known.prefix, suffix: known.suffix, best: strongest(known) }
}

const spell = (node: Node & { readonly kind: 'set' }): Known => {
  // Folding first and leaving out capitals gives each letter once, in lower case.
  const bytes = members(foldCase(node.bytes)).filter((byte) => !(byte >= 0x41 && byte <= 0x5a))
  if (bytes.length === 0 || bytes.length > spelledBytesMax) return nothingKnown
  return exactly(bytes.map((byte) => String.fromCharCode(byte)))
}

const read = (node: Node): Known => {
  switch (node.kind) {
    case 'set':
      return spell(node)
    case 'sequence':
      return node.items.map(read).reduce(follow)
    case 'choice':
      return either(node.options.map(read))
    case 'repeat':
      return repeated(read(node.body), node.min, node.max)
    case 'capture':
    case 'atomic':
      return read(node.body)
    case 'back':
      return nothingKnown
    default:
      return exactly(anything)
  }
}

/** Leaves out words that contain another word: where they are, that one is too. */
const withoutLonger = (words: Words): Words =>
  words.filter((word) => !words.some((other) => other !== word && word.includes(other)))

/** Lower-case latin1 words of which every value with a match contains at least one, compared without regard to ASCII
 *  case. The set with the longest shortest word is chosen, then the one with fewer words. Null if nothing is certain. */
export const requiredLiterals = (tree: Tree): readonly string[] | null => {
  const words = strongest(read(tree.root))
  return words === null ? null : withoutLonger(words)
}
