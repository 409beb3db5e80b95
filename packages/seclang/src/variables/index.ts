/** Every variable that rules can name, in one table. */

import { argumentVariables } from './arguments.ts'
import { bodyVariables } from './body.ts'
import { requestVariables } from './request.ts'
import { responseVariables } from './response.ts'
import { transactionVariables } from './transaction.ts'
import type { VariableDefinition } from './variable-definition.ts'

const variables: ReadonlyMap<string, VariableDefinition> = new Map(
  [...requestVariables, ...argumentVariables, ...bodyVariables, ...responseVariables, ...transactionVariables].map(
    (definition) => [definition.name, definition],
  ),
)

/** All of them, in the order of the table. */
export const variableNames: readonly string[] = [...variables.keys()]

/** By its name in upper case. */
export function findVariable(name: string): VariableDefinition | undefined {
  return variables.get(name)
}

/** Variables that ModSecurity knows and this engine refuses, with the reason: no rule may silently see nothing. */
export const refusedVariables: Readonly<Record<string, string>> = {
  ENV: 'the environment of the process may hold secrets',
  REMOTE_USER: 'the edge authenticates by key and endpoint, not by user name; read REQUEST_HEADERS:Authorization',
  RULE: 'a rule does not read its own metadata here; write the value out',
  WEBAPPID: 'there is one application behind a rule set',
  MODSEC_BUILD: 'this is not ModSecurity; test for a feature by using it',
}
