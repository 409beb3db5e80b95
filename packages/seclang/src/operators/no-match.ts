import type { Operator } from './operator.ts'

/** `@noMatch`: never true. Source: ModSecurity reference, "noMatch". */
export const noMatch: Operator = {
  name: 'noMatch',
  compile: () => () => false,
}
