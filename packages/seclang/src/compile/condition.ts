/** The operator of a link as code. */

import { findOperator, refusedOperators } from '../operators/index.ts'
import { type Literals, type Operator, OperatorError, type Test } from '../operators/operator.ts'
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
  const why = refused === undefined ? '; see the list of operators' : `: ${refused.reason}`
  throw new SecLangError(node.at, `@${node.name}`, `unknown operator "@${node.name}"${why}`)
}

export function compileCondition(node: OperatorNode, knowledge: Knowledge, context: CompileContext): CompiledCondition {
  const operator = operatorOf(node)
  const template = parseTemplate(node.argument)
  const constant = constantText(template, knowledge)
  if (constant === null) return { test: testWithMacros(operator, node, knowledge, context), literals: null }
  const operatorContext = context.operatorContextIn(node.at, `@${node.name}`)
  try {
    const test = operator.compile(constant, operatorContext)
    const literals = node.negated ? null : (operator.literals?.(constant, operatorContext) ?? null)
    return { test, literals }
  } catch (error) {
    if (error instanceof OperatorError) throw new SecLangError(node.at, node.argument, error.message, { cause: error })
    throw error
  }
}

/** An argument with macros is compiled when its text is known. The last one is kept: it seldom differs between two values.
 *  An argument that turns out unusable never matches; negated, it always does: closed rather than open. */
function testWithMacros(
  operator: Operator,
  node: OperatorNode,
  knowledge: Knowledge,
  context: CompileContext,
): Condition {
  const expand = compileTemplate(parseTemplate(node.argument), knowledge, context)
  const operatorContext = context.operatorContextIn(node.at, `@${node.name}`)
  const never: Test = () => false
  let text: string | null = null
  let test = never
  return (value, captures, state) => {
    const now = expand(state)
    if (now !== text) {
      text = now
      try {
        test = operator.compile(now, { ...operatorContext, warn: () => {} })
      } catch (error) {
        if (!(error instanceof OperatorError)) throw error
        test = never
      }
    }
    return test(value, captures)
  }
}
