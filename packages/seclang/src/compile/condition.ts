/** The operator of a link as code. */

import { findOperator, refusedOperators } from '../operators/index.ts'
import { type Literals, type Operator, type OperatorContext, OperatorError, type Test } from '../operators/operator.ts'
import { type OperatorNode, SecLangError } from '../parse/syntax.ts'
import { parseTemplate } from '../parse/template.ts'
import type { State } from '../state.ts'
import type { CompileContext } from './context.ts'
import type { Knowledge } from './knowledge.ts'
import { compileTemplate, constantText } from './template.ts'

/** Not yet negated. */
export type Condition = (value: string, captures: string[] | null, state: State) => boolean

export interface CompiledCondition {
  readonly test: Condition
  /** Literals of which every match contains one; null for a negated operator and where nothing is known. */
  readonly literals: Literals
}

export function operatorOf(node: OperatorNode): Operator {
  const operator = findOperator(node.name)
  if (operator !== undefined) return operator
  const refused = refusedOperators.find(({ name }) => name.toLowerCase() === node.name.toLowerCase())
  const why = refused === undefined ? '; see docs/seclang.md' : `: ${refused.reason}`
  throw new SecLangError(node.at, `@${node.name}`, `unknown operator "@${node.name}"${why}`)
}

/** Their argument is a path: a request must not choose which file is read. */
const readingFiles: readonly string[] = ['ipMatchF', 'ipMatchFromFile', 'pmFromFile', 'pmf']
/** Their argument is an expression, whose time may have no bound. */
const readingExpressions: readonly string[] = ['rx', 'rxGlobal', 'verifyCC', 'verifyCPF', 'verifySSN', 'verifySVNR']

export function compileCondition(node: OperatorNode, knowledge: Knowledge, context: CompileContext): CompiledCondition {
  const operator = checkedOperator(node)
  const constant = constantText(parseTemplate(node.argument), knowledge)
  if (constant === null) return { test: testWithMacros(operator, node, knowledge, context), literals: null }
  const operatorContext = operatorContextOf(node, context)
  return usable(node, () => {
    const test =
      operator.name === 'geoLookup'
        ? geoTest(operator, constant, operatorContext)
        : operator.compile(constant, operatorContext)
    const literals = node.negated ? null : (operator.literals?.(constant, operatorContext) ?? null)
    return { test, literals }
  })
}

/** Throws as `compileCondition` would; for rules that are never run, where compiling an expression is not worth its time. */
export function checkCondition(node: OperatorNode, context: CompileContext): void {
  const operator = checkedOperator(node)
  if (parseTemplate(node.argument).some((part) => typeof part !== 'string')) return
  const { literals = operator.compile } = operator
  usable(node, () => literals(node.argument, { ...context.operatorContextAt(node.at), warn: () => {} }))
}

function checkedOperator(node: OperatorNode): Operator {
  const operator = operatorOf(node)
  const macro = parseTemplate(node.argument).some((part) => typeof part !== 'string')
  if (!macro || !readingFiles.includes(operator.name)) return operator
  const reason = `@${operator.name} takes no macro: a request must not choose which file is read; write its name`
  throw new SecLangError(node.at, node.argument, reason)
}

function operatorContextOf({ at, name }: OperatorNode, context: CompileContext): OperatorContext {
  return {
    ...context.operatorContextAt(at),
    warn: (reason) => context.warn({ at, word: `@${name}`, reason }),
  }
}

function usable<Made>(node: OperatorNode, make: () => Made): Made {
  try {
    return make()
  } catch (error) {
    if (error instanceof OperatorError) throw new SecLangError(node.at, node.argument, error.message, { cause: error })
    throw error
  }
}

/** `@geoLookup` leaves what it finds in GEO. */
function geoTest(operator: Operator, argument: string, context: OperatorContext): Condition {
  let found: State['geo'] = null
  const { geo } = context
  const noting =
    geo === null
      ? null
      : (address: string) => {
          found = geo(address)
          return found
        }
  const test = operator.compile(argument, { ...context, geo: noting })
  return (value, captures, state) => {
    if (!test(value, captures)) return false
    state.geo = found
    return true
  }
}

/** An argument with macros is compiled when its text is known. The last one is kept: it seldom differs between two values.
 *  An argument that turns out unusable never matches; negated, it always does: closed rather than open. So does an expression
 *  without a bound: nobody could be warned of it, and whoever sends it may have made it so. */
function testWithMacros(
  operator: Operator,
  node: OperatorNode,
  knowledge: Knowledge,
  context: CompileContext,
): Condition {
  const expand = compileTemplate(parseTemplate(node.argument), knowledge, context)
  const operatorContext = context.operatorContextAt(node.at)
  const bounded = readingExpressions.includes(operator.name)
  const never: Test = () => false
  let text: string | null = null
  let test = never
  return (value, captures, state) => {
    const now = expand(state)
    if (now !== text) {
      text = now
      try {
        let warned = false
        const warn = (): void => {
          warned = true
        }
        test = operator.compile(now, { ...operatorContext, warn })
        if (bounded && warned) test = never
      } catch (error) {
        if (!(error instanceof OperatorError)) throw error
        test = never
      }
    }
    return test(value, captures)
  }
}
