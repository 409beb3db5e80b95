/** Objects of one kind in memory, in order of creation, bounded, read a page at a time. */
import { randomUUID } from 'node:crypto'
import { ApiError } from './json.ts'

export interface Stored {
  readonly id: string
}

export interface Page<T> {
  readonly items: readonly T[]
  /** Give it back to get the next page; null on the last. */
  readonly afterCursor: string | null
}

export interface Collection<T extends Stored> {
  readonly add: (item: T) => T
  /** Throws `ApiError` 404. */
  readonly get: (id: string) => T
  readonly replace: (item: T) => T
  readonly remove: (id: string) => void
  readonly page: (size: number, afterCursor: string | null) => Page<T>
}

const itemsMax = 10_000

/** Ids begin with `prefix`, as payment APIs do, so that a log line says what it is about. */
export function newId(prefix: string): string {
  return `${prefix}_${randomUUID().replaceAll('-', '')}`
}

export function collection<T extends Stored>(): Collection<T> {
  const items = new Map<string, T>()
  const get = (id: string): T => {
    const item = items.get(id)
    if (item === undefined) throw new ApiError(404, 'not_found', 'there is no such object')
    return item
  }
  const put = (item: T): T => {
    items.set(item.id, item)
    return item
  }
  return {
    get,
    add(item) {
      if (items.size >= itemsMax) throw new ApiError(507, 'full', `the example keeps ${itemsMax} objects of a kind`)
      return put(item)
    },
    replace: put,
    remove(id) {
      items.delete(get(id).id)
    },
    page(size, afterCursor) {
      const all = [...items.values()]
      const start = afterCursor === null ? 0 : all.findIndex(({ id }) => id === afterCursor) + 1
      if (afterCursor !== null && start === 0)
        throw new ApiError(422, 'parameter_invalid', 'unknown cursor', 'after_cursor')
      const page = all.slice(start, start + size)
      const more = start + size < all.length
      return { items: page, afterCursor: more ? (page.at(-1)?.id ?? null) : null }
    },
  }
}
