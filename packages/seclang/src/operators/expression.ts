import { RegexError } from '../rx/syntax.ts'
import { type OperatorContext, OperatorError } from './operator.ts'

/** Runs `compile` on the expression of `@name`. Throws `OperatorError` where it throws `RegexError`; warns of an
 *  expression whose time has no linear bound. */
export function usable<Compiled extends { readonly linear: true | string }>(
  name: string,
  context: OperatorContext,
  compile: () => Compiled,
): Compiled {
  try {
    const compiled = compile()
    if (compiled.linear !== true) {
      context.warn(`the time of this @${name} is not bounded by the length of the value: ${compiled.linear}`)
    }
    return compiled
  } catch (cause) {
    if (!(cause instanceof RegexError)) throw cause
    throw new OperatorError(`@${name}: at byte ${cause.offset} of the expression: ${cause.message}`, { cause })
  }
}
