/** Decides whether an atomic group says the same as a plain one. It does where going back into it can never help what
 *  follows: then it need not be emulated, and the linear engine can take it. In doubt the answer is no. */

import { type ByteSet, noBytes } from './byteset.ts'
import { contains, firstBytes, matchesEmpty, maximumLength, minimumLength } from './measure.ts'
import type { Node } from './syntax.ts'

const setsOf = (node: Node): readonly ByteSet[] | null => {
  const items = node.kind === 'sequence' ? node.items : node.kind === 'empty' ? [] : [node]
  const sets: ByteSet[] = []
  for (const item of items) {
    if (item.kind !== 'set') return null
    sets.push(item.bytes)
  }
  return sets
}

/** Whether trying `later` after `sooner` matched could change what follows. Both are strings of sets. */
const independent = (sooner: readonly ByteSet[], later: readonly ByteSet[], follow: ByteSet): boolean => {
  const common = Math.min(sooner.length, later.length)
  for (let at = 0; at < common; at++) {
    if (((sooner[at] as ByteSet) & (later[at] as ByteSet)) === 0n) return true // never both
  }
  if (sooner.length === later.length) return true
  // A shorter one leaves a byte of the longer one to what follows, which must have no use for it.
  return sooner.length > later.length && ((sooner[common] as ByteSet) & follow) === 0n
}

/** True if at each turn the next byte alone decides the way through the node, given that only `follow` can come after it:
 *  then the first way that succeeds is the only one that can. Lazy loops end too early for that. */
const isForced = (node: Node, follow: ByteSet): boolean => {
  switch (node.kind) {
    case 'sequence': {
      let after = follow
      return node.items.toReversed().every((item) => {
        const forced = isForced(item, after)
        after = firstBytes(item) | (matchesEmpty(item) ? after : noBytes)
        return forced
      })
    }
    case 'choice': {
      let taken = noBytes
      return node.options.every((option) => {
        const first = firstBytes(option)
        const apart = (first & taken) === 0n && !matchesEmpty(option)
        taken |= first
        return apart && isForced(option, follow)
      })
    }
    case 'repeat': {
      const first = firstBytes(node.body)
      if (node.lazy || matchesEmpty(node.body) || (first & follow) !== 0n) return false
      return isForced(node.body, follow | first)
    }
    case 'capture':
      return isForced(node.body, follow)
    default:
      return true
  }
}

/** True if `(?>body)` and `(?:body)` match alike where only the bytes `follow` can come next, or where nothing is asked
 *  of what comes next (`last`). */
export const isPlain = (body: Node, follow: ByteSet, last: boolean): boolean => {
  if (last) return true
  const simple = !contains(body, ({ kind }) => kind === 'capture' || kind === 'back')
  if (simple && minimumLength(body) === maximumLength(body)) return true
  if (isForced(body, follow)) return true
  if (body.kind !== 'choice') return false
  const options = body.options.map(setsOf)
  return options.every(
    (sooner, at) =>
      sooner !== null && options.slice(at + 1).every((later) => later !== null && independent(sooner, later, follow)),
  )
}
