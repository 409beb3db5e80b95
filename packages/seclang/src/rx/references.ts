/** Refuses what JavaScript and PCRE read differently around captures, so that what is left means the same in both:
 *  - A reference to a group that took no part: PCRE fails, JavaScript matches nothing. Allowed only where the group
 *    has surely been set.
 *  - JavaScript forgets a loop's captures at every turn; PCRE keeps them. Allowed only within one turn.
 *  - /i folds 0xE9 and 0xC9: without regard to case only if the group can hold nothing but ASCII.
 *  - Look-behind: PCRE2 wants each alternative of fixed length; bounded ones without captures mean the same. */

import { range } from './byteset.ts'
import { alphabet, contains, matchesEmpty, maximumLength, minimumLength } from './measure.ts'
import { type Node, RegexError, type Tree } from './syntax.ts'

type Groups = ReadonlySet<number>

const ascii = range(0x00, 0x7f)

const both = (left: Groups, right: Groups): Groups => new Set([...left].filter((index) => right.has(index)))

interface Walk {
  readonly bodies: Map<number, Node>
  /** Inside a look-behind, where JavaScript goes backwards. */
  readonly behind: boolean
}

/** Checks a node that is reached with the groups `set` surely set; returns those set after it. */
const check = (node: Node, set: Groups, walk: Walk): Groups => {
  switch (node.kind) {
    case 'sequence':
      return node.items.reduce((before, item) => check(item, before, walk), set)
    case 'choice':
      return node.options.map((option) => check(option, set, walk)).reduce(both)
    case 'repeat': {
      const after = check(node.body, set, walk)
      // A last, empty turn is taken by PCRE and refused by JavaScript, with other captures.
      return node.min > 0 && (node.max === 1 || !matchesEmpty(node.body)) ? after : set
    }
    case 'capture': {
      const after = check(node.body, set, walk)
      walk.bodies.set(node.index, node.body)
      return new Set([...after, node.index])
    }
    case 'atomic':
      return check(node.body, set, walk)
    case 'look': {
      if (!node.ahead) checkBehind(node.body, node.offset)
      const after = check(node.body, set, { bodies: walk.bodies, behind: walk.behind || !node.ahead })
      return node.negative ? set : after
    }
    case 'back': {
      if (walk.behind) throw new RegexError('no support for a reference inside a look-behind', node.offset)
      if (!set.has(node.index)) {
        throw new RegexError('a reference must name a group that has surely matched before it', node.offset)
      }
      const body = walk.bodies.get(node.index)
      if (node.ignoreCase && (body === undefined || (alphabet(body) & ~ascii) !== 0n)) {
        throw new RegexError('a reference without regard to case needs a group of ASCII bytes only', node.offset)
      }
      return set
    }
    default:
      return set
  }
}

const checkBehind = (body: Node, offset: number): void => {
  const options = body.kind === 'choice' ? body.options : [body]
  const captures = contains(body, (node) => node.kind === 'capture')
  for (const option of options) {
    const longest = maximumLength(option)
    if (longest === Number.POSITIVE_INFINITY) throw new RegexError('a look-behind must be of bounded length', offset)
    if (captures && longest !== minimumLength(option)) {
      throw new RegexError('a look-behind with captures must be of fixed length', offset)
    }
  }
}

/** Throws `RegexError` for a reference or look-behind that could mean something else in JavaScript. */
export const checkReferences = (tree: Tree): void => {
  check(tree.root, new Set(), { bodies: new Map(), behind: false })
}
