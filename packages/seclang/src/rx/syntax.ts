/** The syntax tree of a regular expression over bytes. Options such as (?i) are gone here: the parser has already
 *  worked them into the nodes, so that every later step sees one meaning only. `offset` is where a node stands in the pattern,
 *  kept where a later step may have to refuse it. */

import type { ByteSet } from './byteset.ts'

/** Where a zero-width test holds. PCRE's line break is \n alone.
 *  `lineStart`: at the start, or after a \n that does not end the value. `lineEnd`: at the end or before a \n.
 *  `finalEnd`: at the end or before a \n that ends the value (\Z, and $ without MULTILINE). */
export type Place = 'start' | 'lineStart' | 'end' | 'finalEnd' | 'lineEnd' | 'wordEdge' | 'notWordEdge'

export type Node =
  | { readonly kind: 'empty' }
  /** Exactly one byte out of `bytes`; no bytes: never matches. */
  | { readonly kind: 'set'; readonly bytes: ByteSet }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[] }
  /** `max` may be Infinity. Possessive ones are an `atomic` around a greedy one. */
  | { readonly kind: 'repeat'; readonly body: Node; readonly min: number; readonly max: number; readonly lazy: boolean }
  | { readonly kind: 'capture'; readonly index: number; readonly body: Node }
  | { readonly kind: 'atomic'; readonly body: Node; readonly offset: number }
  | {
      readonly kind: 'look'
      readonly ahead: boolean
      readonly negative: boolean
      readonly body: Node
      readonly offset: number
    }
  | { readonly kind: 'assert'; readonly place: Place }
  | { readonly kind: 'back'; readonly index: number; readonly ignoreCase: boolean; readonly offset: number }

/** A parsed expression. `groups` counts capturing groups, without the whole match. */
export interface Tree {
  readonly root: Node
  readonly groups: number
}

/** What holds before the pattern's own (?…) options speak. ModSecurity 3 sets `dotAll` and `multiline`. */
export interface RegexOptions {
  readonly dotAll: boolean
  readonly multiline: boolean
  readonly ignoreCase: boolean
}

/** As ModSecurity 3 compiles @rx (PCRE2_DOTALL | PCRE2_MULTILINE). */
export const modSecurityOptions: RegexOptions = { dotAll: true, multiline: true, ignoreCase: false }

/** The expression cannot be used: it is malformed, over a bound, or asks for something that has no exact equivalent.
 *  `offset` counts bytes from the start of the pattern. */
export class RegexError extends Error {
  override readonly name = 'RegexError'
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

export const empty: Node = { kind: 'empty' }

/** Joins items, without needless nesting. */
export const sequence = (items: readonly Node[]): Node => {
  const flat = items
    .flatMap((item) => (item.kind === 'sequence' ? item.items : [item]))
    .filter((item) => item.kind !== 'empty')
  return flat.length === 0 ? empty : flat.length === 1 ? (flat[0] as Node) : { kind: 'sequence', items: flat }
}

/** Joins alternatives. Neighbours of one byte each become one set: their order cannot matter. */
export const choice = (options: readonly Node[]): Node => {
  const joined: Node[] = []
  for (const option of options.flatMap((node) => (node.kind === 'choice' ? node.options : [node]))) {
    const last = joined.at(-1)
    if (option.kind === 'set' && last?.kind === 'set') {
      joined[joined.length - 1] = { kind: 'set', bytes: last.bytes | option.bytes }
    } else joined.push(option)
  }
  return joined.length === 1 ? (joined[0] as Node) : { kind: 'choice', options: joined }
}
