/** Values of a file together with where each stands, so that a sentence about `routes[1].upstream` can point at it. */

/** From the top: keys of mappings, indexes of lists. */
export type Path = readonly (string | number)[]

export interface Located {
  /** What JSON could hold; mappings have no prototype, so that no key of a file is taken for one of JavaScript's. */
  readonly value: unknown
  /** Where it begins: characters from the start of the file. */
  readonly at: number
  /** What is inside of it: nothing in a scalar. */
  readonly inner: ReadonlyMap<string | number, Inner>
  /** Values in it, itself included, aliases written out. */
  readonly size: number
}

export interface Inner {
  /** Where its key begins; of an item, the item. */
  readonly keyAt: number
  readonly value: Located
}

/** What stands at a path; null where the file does not have it. */
export function find(root: Located, path: Path): Located | null {
  let here: Located | undefined = root
  for (const step of path) {
    here = here.inner.get(step)?.value
    if (here === undefined) return null
  }
  return here
}

/** Where to point: at the value, or at its key; at what should hold it, where it is not written. */
export function offsetOf(root: Located, path: Path, aim: 'value' | 'key' = 'value'): number {
  let here = root
  let at = root.at
  for (const [depth, step] of path.entries()) {
    const inner = here.inner.get(step)
    if (inner === undefined) return at
    here = inner.value
    at = aim === 'key' && depth === path.length - 1 ? inner.keyAt : here.at
  }
  return at
}
