/** Chains of transformations, each known by a number so that their results can be remembered by it. */

import type { Transformation } from './transformation.ts'

/** One transformation after another chain. `t:none` alone is no chain: null. */
export interface Chain {
  /** Unique in the process, dense from 0. */
  readonly id: number
  readonly before: Chain | null
  readonly apply: (value: string) => string
}

/** Chains are shared by all rule sets of the process, because one parse of a request serves several of them. It grows by the
 *  distinct chains that rule files name (CRS: 33 with their beginnings), never by traffic or by reloading the same rules. */
const chains = new Map<string, Chain>()

export function chainOf(transformations: readonly Transformation[]): Chain | null {
  let before: Chain | null = null
  let name = ''
  for (const transformation of transformations) {
    name += `,${transformation.name}`
    let chain = chains.get(name)
    if (chain?.apply !== transformation.apply) {
      // A second `urlDecodeUni` with another code page gets a number of its own.
      chain = { id: nextId++, before, apply: transformation.apply }
      chains.set(name, chain)
    }
    before = chain
  }
  return before
}

let nextId = 0
