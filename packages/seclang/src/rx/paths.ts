/** Counts the ways through a tree. A pattern without loops has a bounded number, so that plain backtracking costs at most
 *  a constant a byte, whatever the value: such a pattern is linear even if V8's linear engine refuses it. */

import type { Node } from './syntax.ts'

/** An upper bound on the ways in which the node can be tried at one place; Infinity if a loop has no maximum. */
export const countPaths = (node: Node): number => {
  switch (node.kind) {
    case 'sequence':
      return node.items.reduce((product, item) => product * countPaths(item), 1)
    case 'choice':
      return node.options.reduce((sum, option) => sum + countPaths(option), 0)
    case 'repeat': {
      if (node.max === Number.POSITIVE_INFINITY) return node.max
      const body = countPaths(node.body)
      // body^min + … + body^max, from above; the exponent also grows with the length of each way.
      return Math.max(2, body) ** node.max * (node.max - node.min + 1)
    }
    case 'capture':
    case 'atomic':
    case 'look':
      return countPaths(node.body)
    case 'back':
      return 2
    default:
      return 1
  }
}

interface OnNothing {
  /** In how many ways the node matches no bytes. */
  readonly ways: number
  /** How many nodes are tried for that. */
  readonly tries: number
}

const inTurn = (parts: Iterable<OnNothing>): OnNothing => {
  let ways = 1
  let tries = 0
  for (const part of parts) {
    tries += ways * part.tries
    ways *= part.ways
    if (ways === 0 || tries === Number.POSITIVE_INFINITY) break
  }
  return { ways, tries }
}

const onNothing = (node: Node): OnNothing => {
  switch (node.kind) {
    case 'set':
      return { ways: 0, tries: 1 }
    case 'sequence':
      return inTurn(node.items.map(onNothing))
    case 'choice':
      return node.options
        .map(onNothing)
        .reduce((sum, option) => ({ ways: sum.ways + option.ways, tries: sum.tries + option.tries }))
    case 'repeat': {
      // Turns beyond the minimum are tried once and, being empty, refused.
      const body = onNothing(node.body)
      const needed = inTurn(Array.from({ length: node.min }, () => body))
      return { ways: needed.ways, tries: needed.tries + needed.ways * body.tries }
    }
    case 'capture':
      return onNothing(node.body)
    case 'atomic':
    case 'look':
      return { ways: 1, tries: onNothing(node.body).tries }
    default:
      return { ways: 1, tries: 1 }
  }
}

/** How many nodes V8 tries on a value without bytes: mostly as many as the pattern has, but nested counts of something
 *  empty multiply. */
export const countTriesOnNothing = (root: Node): number => onNothing(root).tries
