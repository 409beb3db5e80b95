/** @sallyport/seclang: a SecLang rule engine that runs the OWASP Core Rule Set unmodified. README.md has an example. */

import { type CompileOptions, compileProgram, type Source } from './compile/compile.ts'
import type { Warning } from './compile/definition.ts'
import type { RuleDescription } from './compile/describe.ts'
import type { Exchange } from './exchange.ts'
import { Transaction } from './transaction.ts'

export type { CompileOptions, Source } from './compile/compile.ts'
export type { Warning } from './compile/definition.ts'
export type { RuleDescription } from './compile/describe.ts'
export type { EngineSettings } from './engine-settings.ts'
export {
  Exchange,
  type ExchangeBounds,
  type Header,
  type Peer,
  type Refusal,
  type RequestHead,
  type ResponseHead,
} from './exchange.ts'
export type { Match } from './match.ts'
export { type Position, SecLangError } from './parse/syntax.ts'
export { enableLinearFallback } from './rx/linear.ts'
export type { Severity } from './severity.ts'
export type { Mode, Phase } from './state.ts'
export type { Interruption, Transaction } from './transaction.ts'

/** A compiled rule set; may judge any number of exchanges at once. */
export interface RuleSet {
  /** A transaction over `exchange`, which several rule sets may share. */
  readonly begin: (exchange: Exchange) => Transaction
  /** Where the rule of that id stands and what it says; null where the set has none. */
  readonly describe: (id: number) => RuleDescription | null
}

/** Compiles rule files, in load order. Throws `SecLangError` (file, line, column, reason) for the first that cannot be used;
 *  what can be used but deserves a look is in `warnings`. */
export function compile(
  sources: readonly Source[],
  options: CompileOptions,
): { readonly ruleSet: RuleSet; readonly warnings: readonly Warning[] } {
  const { program, descriptions, warnings } = compileProgram(sources, options)
  const ruleSet: RuleSet = {
    begin: (exchange) => new Transaction(program, exchange),
    describe: (id) => descriptions.get(id) ?? null,
  }
  return { ruleSet, warnings }
}
