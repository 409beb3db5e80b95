/** Chains of transformations, each known by a number so that their results can be remembered by it. */

import type { Transformation } from './transformation.ts'

/** One transformation after another chain. `t:none` alone is no chain: null. */
export interface Chain {
  /** Unique in the process, dense from 0. */
  readonly id: number
  readonly before: Chain | null
  readonly apply: (value: string) => string
}

interface Node {
  readonly chain: Chain | null
  readonly next: Map<Transformation['apply'], Node>
}

/** Chains are shared by all rule sets of the process, because one parse of a request serves several of them. They are told
 *  apart by what they do and not by their names: `urlDecodeUni` is another function under another code page. The tree grows
 *  by the distinct chains that rule files name (CRS: 33 with their beginnings), never by traffic or by reloading the same. */
const root: Node = { chain: null, next: new Map() }
let nextId = 0

export function chainOf(transformations: readonly Transformation[]): Chain | null {
  let node = root
  for (const { apply } of transformations) {
    let next = node.next.get(apply)
    if (next === undefined) {
      next = { chain: { id: nextId++, before: node.chain, apply }, next: new Map() }
      node.next.set(apply, next)
    }
    node = next
  }
  return node.chain
}
