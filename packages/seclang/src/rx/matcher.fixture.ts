/** A second reading of the tree, for tests: plain backtracking in PCRE's order, sharing nothing with the emitter. */

import { has, wordBytes } from './byteset.ts'
import type { Node, Place, Tree } from './syntax.ts'

type Next = (at: number) => boolean

class GaveUp extends Error {}

const isWord = (value: string, at: number): boolean =>
  at >= 0 && at < value.length && has(wordBytes, value.charCodeAt(at))

const holds = (place: Place, value: string, at: number): boolean => {
  const atEnd = at === value.length
  switch (place) {
    case 'start':
      return at === 0
    case 'end':
      return atEnd
    case 'lineStart':
      return at === 0 || (value[at - 1] === '\n' && !atEnd)
    case 'lineEnd':
      return atEnd || value[at] === '\n'
    case 'finalEnd':
      return atEnd || (value[at] === '\n' && at === value.length - 1)
    case 'wordEdge':
      return isWord(value, at - 1) !== isWord(value, at)
    case 'notWordEdge':
      return isWord(value, at - 1) === isWord(value, at)
  }
}

const lower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/** One attempt to match: what it has captured, and how many steps it may still take. */
interface Attempt {
  readonly value: string
  readonly groups: (string | undefined)[]
  stepsLeft: number
}

/** The whole match and all groups (unmatched ones as ''), null without a match, undefined after `stepsMax` steps. */
export const matchTree = (tree: Tree, value: string, stepsMax: number): readonly string[] | null | undefined => {
  const attempt: Attempt = { value, groups: [], stepsLeft: stepsMax }
  try {
    for (let start = 0; start <= value.length; start++) {
      attempt.groups.length = 0
      const end = once(attempt, tree.root, start)
      if (end < 0) continue
      const texts = Array.from({ length: tree.groups }, (_, index) => attempt.groups[index + 1] ?? '')
      return [value.slice(start, end), ...texts]
    }
    return null
  } catch (error) {
    if (error instanceof GaveUp) return undefined
    throw error
  }
}

const match = (attempt: Attempt, node: Node, at: number, next: Next): boolean => {
  const { value, groups } = attempt
  if (attempt.stepsLeft-- <= 0) throw new GaveUp()
  switch (node.kind) {
    case 'empty':
      return next(at)
    case 'set':
      return at < value.length && has(node.bytes, value.charCodeAt(at)) && next(at + 1)
    case 'sequence':
      return matchSequence(attempt, node.items, 0, at, next)
    case 'choice':
      return node.options.some((option) => match(attempt, option, at, next))
    case 'repeat':
      return matchRepeat(attempt, node, 0, at, next)
    case 'capture':
      return matchCapture(attempt, node, at, next)
    case 'atomic': {
      const saved = [...groups]
      const end = once(attempt, node.body, at)
      if (end >= 0 && next(end)) return true
      groups.splice(0, groups.length, ...saved)
      return false
    }
    case 'look': {
      const saved = [...groups]
      const found = node.ahead ? once(attempt, node.body, at) >= 0 : behind(attempt, node.body, at)
      if (found !== node.negative && next(at)) return true
      groups.splice(0, groups.length, ...saved)
      return false
    }
    case 'assert':
      return holds(node.place, value, at) && next(at)
    case 'back': {
      const text = groups[node.index]
      if (text === undefined) return false
      const here = value.slice(at, at + text.length)
      const same = node.ignoreCase ? lower(here) === lower(text) : here === text
      return same && next(at + text.length)
    }
  }
}

const matchSequence = (attempt: Attempt, items: readonly Node[], index: number, at: number, next: Next): boolean =>
  index === items.length
    ? next(at)
    : match(attempt, items[index] as Node, at, (end) => matchSequence(attempt, items, index + 1, end, next))

const matchRepeat = (
  attempt: Attempt,
  node: Node & { kind: 'repeat' },
  turns: number,
  at: number,
  next: Next,
): boolean => {
  const again = (): boolean =>
    turns < node.max &&
    match(attempt, node.body, at, (end) =>
      // PCRE takes an empty turn, and then goes on to what follows.
      end === at && turns >= node.min ? next(end) : matchRepeat(attempt, node, turns + 1, end, next),
    )
  const leave = (): boolean => turns >= node.min && next(at)
  return node.lazy ? leave() || again() : again() || leave()
}

const matchCapture = (attempt: Attempt, node: Node & { kind: 'capture' }, at: number, next: Next): boolean => {
  const { groups, value } = attempt
  const before = groups[node.index]
  const found = match(attempt, node.body, at, (end) => {
    const inner = groups[node.index]
    groups[node.index] = value.slice(at, end)
    if (next(end)) return true
    groups[node.index] = inner
    return false
  })
  if (!found) groups[node.index] = before
  return found
}

/** The end of the first way in which the node matches, or -1; what it captured stays. */
const once = (attempt: Attempt, node: Node, at: number): number => {
  let end = -1
  match(attempt, node, at, (here) => {
    end = here
    return true
  })
  return end
}

/** PCRE goes back by the length of each alternative, in their order. */
const behind = (attempt: Attempt, node: Node, at: number): boolean => {
  if (node.kind === 'choice') return node.options.some((option) => behind(attempt, option, at))
  for (let start = at; start >= 0; start--) if (match(attempt, node, start, (end) => end === at)) return true
  return false
}
