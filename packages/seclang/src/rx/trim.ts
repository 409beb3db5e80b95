/** Makes a tree cheaper where only the answer yes or no is asked. Whether there is a match anywhere does not depend on
 *  - captures that nothing refers to,
 *  - how far a match goes on: what ends the pattern can be cut to its least (x+ to x, .* to nothing),
 *  - how early it starts, as a search tries every start: what begins the pattern can be cut likewise.
 *  That takes the square out of many searches, and most counts that the linear engine refuses. */

import { complement, noBytes } from './byteset.ts'
import { alwaysMatchesEmpty, contains } from './measure.ts'
import { choice, empty, type Node, sequence } from './syntax.ts'

const end: Node = { kind: 'assert', place: 'end' }

const tied = (node: Node): boolean => contains(node, ({ kind }) => kind === 'capture' || kind === 'back')

/** Removes capturing groups but those that references name. */
const withoutCaptures = (node: Node, kept: ReadonlySet<number>): Node => {
  switch (node.kind) {
    case 'sequence':
      return sequence(node.items.map((item) => withoutCaptures(item, kept)))
    case 'choice':
      return choice(node.options.map((option) => withoutCaptures(option, kept)))
    case 'repeat': {
      const body = withoutCaptures(node.body, kept)
      // Turns that may be empty need not be taken; V8 would try every way of taking them on no bytes at all.
      return { ...node, body, min: alwaysMatchesEmpty(body) && !tied(body) ? 0 : node.min }
    }
    case 'atomic':
    case 'look':
      return { ...node, body: withoutCaptures(node.body, kept) }
    case 'capture': {
      const body = withoutCaptures(node.body, kept)
      return kept.has(node.index) ? { ...node, body } : body
    }
    default:
      return node
  }
}

/** What must not follow, said by what may: for a plain string of sets behind which nothing else is asked. */
const otherThan = (sets: readonly Node[]): Node => {
  const [first, ...rest] = sets
  if (first?.kind !== 'set') return { kind: 'set', bytes: noBytes }
  const other: Node = { kind: 'set', bytes: complement(first.bytes) }
  const options = rest.length === 0 ? [other, end] : [other, sequence([first, otherThan(rest)]), end]
  return choice(options)
}

/** Joins options of which one that matches nothing decides all: then the whole always matches. */
const choiceOrEmpty = (options: readonly Node[]): Node =>
  options.some((option) => option.kind === 'empty') ? empty : choice(options)

const trimRepeat = (node: Node & { readonly kind: 'repeat' }, trim: (body: Node) => Node): Node => {
  if (node.min === 0) return empty
  return node.min === 1 ? trim(node.body) : { ...node, max: node.min }
}

/** Cuts the end of what ends a pattern. Each step keeps at every start: a match here if and only if there was one. */
const trimEnd = (node: Node): Node => {
  switch (node.kind) {
    case 'sequence': {
      const items = [...node.items]
      // A loop, not recursion: rows of optional parts may be as long as the pattern.
      while (items.length > 0) {
        const last = trimEnd(items.pop() as Node)
        if (last.kind !== 'empty') return sequence([...items, last])
      }
      return empty
    }
    case 'choice':
      return choiceOrEmpty(node.options.map(trimEnd))
    case 'repeat':
      return trimRepeat(node, trimEnd)
    case 'capture':
    case 'atomic':
      return trimEnd(node.body)
    case 'look': {
      const { body } = node
      if (!node.ahead) return node
      if (!node.negative) return trimEnd(body)
      const sets = body.kind === 'sequence' ? body.items : [body]
      return sets.every(({ kind }) => kind === 'set') ? otherThan(sets) : node
    }
    default:
      return node
  }
}

/** Cuts the beginning of what begins a pattern. Atomic groups stay: what they give up depends on where they start. */
const trimStart = (node: Node): Node => {
  if (tied(node)) return node
  switch (node.kind) {
    case 'sequence': {
      let at = 0
      for (; at < node.items.length; at++) {
        const first = trimStart(node.items[at] as Node)
        if (first.kind !== 'empty') return sequence([first, ...node.items.slice(at + 1)])
      }
      return empty
    }
    case 'choice':
      return choiceOrEmpty(node.options.map(trimStart))
    case 'repeat':
      return trimRepeat(node, trimStart)
    default:
      return node
  }
}

/** The tree that answers the same yes or no for every value with the least work. */
export const trimForTest = (root: Node): Node => {
  const kept = new Set<number>()
  contains(root, (node) => {
    if (node.kind === 'back') kept.add(node.index)
    return false
  })
  return trimStart(trimEnd(withoutCaptures(root, kept)))
}
