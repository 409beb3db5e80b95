/** Facts about a tree that the other steps reason with: how many bytes a match has, and with which byte it can begin. */

import { allBytes, type ByteSet, noBytes } from './byteset.ts'
import type { Node } from './syntax.ts'

/** Remembered, or walks that ask at every level would cost the square of the depth. */
const lengths = new WeakMap<Node, number>()
const firsts = new WeakMap<Node, ByteSet>()

/** The fewest bytes that a match of the node consumes. Look-arounds and anchors consume none. */
export const minimumLength = (node: Node): number => {
  let length = lengths.get(node)
  if (length === undefined) {
    length = measure(node)
    lengths.set(node, length)
  }
  return length
}

const measure = (node: Node): number => {
  switch (node.kind) {
    case 'set':
      return 1
    case 'sequence':
      return node.items.reduce((sum, item) => sum + minimumLength(item), 0)
    case 'choice':
      return node.options.reduce((least, option) => Math.min(least, minimumLength(option)), Number.POSITIVE_INFINITY)
    case 'repeat':
      return node.min === 0 ? 0 : node.min * minimumLength(node.body)
    case 'capture':
    case 'atomic':
      return minimumLength(node.body)
    default:
      return 0 // a reference may stand for an empty group
  }
}

/** The most bytes that a match of the node consumes; Infinity if nothing bounds it. */
export const maximumLength = (node: Node): number => {
  switch (node.kind) {
    case 'set':
      return 1
    case 'sequence':
      return node.items.reduce((sum, item) => sum + maximumLength(item), 0)
    case 'choice':
      return node.options.reduce((most, option) => Math.max(most, maximumLength(option)), 0)
    case 'repeat': {
      const body = maximumLength(node.body)
      return node.max === 0 || body === 0 ? 0 : node.max * body
    }
    case 'capture':
    case 'atomic':
      return maximumLength(node.body)
    case 'back':
      return Number.POSITIVE_INFINITY
    default:
      return 0
  }
}

/** True if the node can match without consuming a byte. */
export const matchesEmpty = (node: Node): boolean => minimumLength(node) === 0

/** True if the node can match nothing anywhere, whatever stands around it. An atomic group cannot be made to: (?>a*) has
 *  one match at each place, the longest. */
export const alwaysMatchesEmpty = (node: Node): boolean => {
  switch (node.kind) {
    case 'empty':
      return true
    case 'sequence':
      return node.items.every(alwaysMatchesEmpty)
    case 'choice':
      return node.options.some(alwaysMatchesEmpty)
    case 'repeat':
      return node.min === 0 || alwaysMatchesEmpty(node.body)
    case 'capture':
      return alwaysMatchesEmpty(node.body)
    default:
      return false
  }
}

/** The bytes that a match of the node may begin with, if it consumes any; possibly more, never fewer. */
export const firstBytes = (node: Node): ByteSet => {
  let first = firsts.get(node)
  if (first === undefined) {
    first = readFirst(node)
    firsts.set(node, first)
  }
  return first
}

const readFirst = (node: Node): ByteSet => {
  switch (node.kind) {
    case 'set':
      return node.bytes
    case 'sequence': {
      let first = noBytes
      for (const item of node.items) {
        first |= firstBytes(item)
        if (!matchesEmpty(item)) break
      }
      return first
    }
    case 'choice':
      return node.options.reduce((set, option) => set | firstBytes(option), noBytes)
    case 'repeat':
      return node.max === 0 ? noBytes : firstBytes(node.body)
    case 'capture':
    case 'atomic':
      return firstBytes(node.body)
    case 'back':
      return allBytes
    default:
      return noBytes
  }
}

/** All bytes that a match of the node may consume. */
export const alphabet = (node: Node): ByteSet => {
  switch (node.kind) {
    case 'set':
      return node.bytes
    case 'sequence':
      return node.items.reduce((set, item) => set | alphabet(item), noBytes)
    case 'choice':
      return node.options.reduce((set, option) => set | alphabet(option), noBytes)
    case 'repeat':
    case 'capture':
    case 'atomic':
      return alphabet(node.body)
    case 'back':
      return allBytes
    default:
      return noBytes
  }
}

/** True if a node of that kind is anywhere in the tree. */
export const contains = (node: Node, test: (node: Node) => boolean): boolean => {
  if (test(node)) return true
  switch (node.kind) {
    case 'sequence':
      return node.items.some((item) => contains(item, test))
    case 'choice':
      return node.options.some((option) => contains(option, test))
    case 'repeat':
    case 'capture':
    case 'atomic':
    case 'look':
      return contains(node.body, test)
    default:
      return false
  }
}
