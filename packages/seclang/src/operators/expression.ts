import { requiredLiterals } from '../rx/literals.ts'
import { parseRegex } from '../rx/parse.ts'
import { modSecurityOptions, RegexError } from '../rx/syntax.ts'
import { type Literals, type OperatorContext, OperatorError } from './operator.ts'

/** Runs `compile` on the expression of `@name`. Throws `OperatorError` where it throws `RegexError`; warns of an
 *  expression whose time has no linear bound. */
export function usable<Compiled extends { readonly linear: true | string }>(
  name: string,
  context: OperatorContext,
  compile: () => Compiled,
): Compiled {
  const compiled = refusing(name, compile)
  if (compiled.linear !== true) {
    context.warn(`the time of this @${name} is not bounded by the length of the value: ${compiled.linear}`)
  }
  return compiled
}

/** `literals` of an operator whose every match holds a match of its expression. Throws as `usable`. */
export function literalsOfExpression(name: string, expression: string): Literals {
  return refusing(name, () => requiredLiterals(parseRegex(expression, modSecurityOptions)))
}

function refusing<Result>(name: string, run: () => Result): Result {
  try {
    return run()
  } catch (cause) {
    if (!(cause instanceof RegexError)) throw cause
    throw new OperatorError(`@${name}: at byte ${cause.offset} of the expression: ${cause.message}`, { cause })
  }
}
