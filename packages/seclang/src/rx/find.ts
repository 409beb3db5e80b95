import { emit } from './emit.ts'
import { parseRegex } from './parse.ts'
import type { RegexOptions } from './syntax.ts'

/** The first match at or behind `from`, as it stands in the value, and where it begins. */
export interface Found {
  readonly text: string
  readonly at: number
}

/** Compiles `pattern` for a search that goes on where the caller says. Throws `RegexError`. The search answers `'exhausted'`
 *  where V8's stack for backtracking is full (values of many megabytes): what cannot be searched must not pass. */
export const compileFind = (
  pattern: string,
  options: RegexOptions,
): ((value: string, from: number) => Found | 'exhausted' | null) => {
  const search = new RegExp(emit(parseRegex(pattern, options).root, false).source, 'g')
  return (value, from) => {
    search.lastIndex = from
    try {
      const found = search.exec(value)
      return found === null ? null : { text: found[0], at: found.index }
    } catch {
      return 'exhausted'
    }
  }
}
