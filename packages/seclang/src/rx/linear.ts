/** V8's linear engine ("experimental", breadth-first). With two flags V8 counts the steps that it takes back and hands a
 *  value to that engine when there were too many. Measured on Node 26.10 (V8 14):
 *  - The flags act when a regular expression is compiled, and work when set at run time, but only on sources that V8
 *    has not compiled before (its cache keeps the earlier form): they must be on before any rule is.
 *  - The engine refuses flag i, look-aheads, references, captures inside look-behinds, look-behinds under g and y, and more
 *    than 16 copies by nested counts. Such an expression runs on without bound, and says nothing.
 *  - Flag l forces the engine, but only while --enable-experimental-regexp-engine is on: running such an object after
 *    the flag is off again ends the process. So `l` serves only to ask, and the object is never kept. */

import { setFlagsFromString } from 'node:v8'
import { backtracksBeforeFallback } from '../bounds.ts'

const fallbackFlag = '--enable-experimental-regexp-engine-on-excessive-backtracks'

let enabled = false

/** Sets V8's flags for this process, once. Call it before any rule is compiled; what was compiled before stays unbounded. */
export const enableLinearFallback = (): void => {
  if (enabled) return
  setFlagsFromString(fallbackFlag)
  setFlagsFromString(`--regexp-backtracks-before-fallback=${backtracksBeforeFallback}`)
  enabled = true
}

/** True if this process bounds backtracking: by `enableLinearFallback`, the command line, or NODE_OPTIONS. */
export const linearFallbackEnabled = (): boolean => {
  if (enabled) return true
  const { NODE_OPTIONS = '' } = process.env
  const given = [...process.execArgv, ...NODE_OPTIONS.split(' ')]
  return given.some((option) => option.replaceAll('_', '-') === fallbackFlag)
}

/** Asks V8 whether its linear engine can execute a source under the given flags. Compiles nothing and runs nothing. */
export const linearEngineAccepts = (source: string, flags: '' | 'g'): boolean => {
  setFlagsFromString('--enable-experimental-regexp-engine')
  try {
    new RegExp(source, `l${flags}`)
    return true
  } catch {
    return false
  } finally {
    setFlagsFromString('--no-enable-experimental-regexp-engine')
  }
}
