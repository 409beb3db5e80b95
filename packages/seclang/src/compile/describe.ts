/** Where each rule stands and what it says, for people who ask why a request was refused. Not part of any request's path. */

import type { Template } from '../parse/syntax.ts'
import type { Phase } from '../state.ts'
import type { RuleDefinition } from './definition.ts'

export interface RuleDescription {
  readonly file: string
  /** From 1: the line on which the rule begins. */
  readonly line: number
  readonly phase: Phase
  /** Its `msg` as written, macros unexpanded, names of their collections in lower case; empty where it has none. */
  readonly message: string
}

/** By id. Copies what it gives out, so that the syntax trees of the rules can be let go. */
export function describeRules(rules: readonly RuleDefinition[]): ReadonlyMap<number, RuleDescription> {
  return new Map(
    rules.map(({ id, at, phase, message }) => [
      id,
      Object.freeze({ file: at.file, line: at.line, phase, message: written(message ?? []) }),
    ]),
  )
}

function written(message: Template): string {
  return message.map((part) => (typeof part === 'string' ? part : macro(part))).join('')
}

function macro({ collection, key }: Exclude<Template[number], string>): string {
  return key === null ? `%{${collection}}` : `%{${collection}.${key}}`
}
