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
