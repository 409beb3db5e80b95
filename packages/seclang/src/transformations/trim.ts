import { isSpace } from './digits.ts'
import { flatSlice } from './output.ts'
import type { Transformation } from './transformation.ts'

/** Where `value` begins, white space left out; its length where there is nothing else. */
export function trimmedStart(value: string): number {
  let start = 0
  while (start < value.length && isSpace(value.charCodeAt(start))) start++
  return start
}

/** Where `value` ends, white space left out; never before `start`. */
export function trimmedEnd(value: string, start: number): number {
  let end = value.length
  while (end > start && isSpace(value.charCodeAt(end - 1))) end--
  return end
}

function apply(value: string): string {
  const start = trimmedStart(value)
  return flatSlice(value, start, trimmedEnd(value, start))
}

/** White space off both ends. Source: ModSecurity reference, "trim". */
export const trim: Transformation<'trim'> = { name: 'trim', apply }
