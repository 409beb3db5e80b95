/** What happens when a link matches, as code: `setvar`, `expirevar`, `initcol`, `setuid`, `setsid`, `setrsc`, `ctl`. */

import { persistentKeyCharactersMax } from '../bounds.ts'
import { type ActionNode, SecLangError } from '../parse/syntax.ts'
import { parseTemplate } from '../parse/template.ts'
import type { PersistentName, State } from '../state.ts'
import type { CompileContext } from './context.ts'
import { compileControl } from './control.ts'
import type { Knowledge } from './knowledge.ts'
import { compileAssignment, compileExpiry, type Effect, parseAssignment } from './setvar.ts'
import { compileTemplate } from './template.ts'

const persistentNames: readonly string[] = ['global', 'ip', 'resource', 'session', 'user']

export function compileEffect(action: ActionNode, knowledge: Knowledge, context: CompileContext): Effect {
  const argument = action.argument as string
  switch (action.name) {
    case 'setvar':
      return compileAssignment(parseAssignment(action), knowledge, context)
    case 'expirevar':
      return compileExpiry(action, knowledge, context)
    case 'initcol':
      return compileCollection(action, knowledge, context)
    case 'ctl':
      return compileControl(action, context)
    case 'setrsc':
      return openWith('resource', argument, knowledge, context, () => {})
    case 'setuid':
      return openWith('user', argument, knowledge, context, (state, id) => {
        state.userId = id
      })
    case 'setsid':
      return openWith('session', argument, knowledge, context, (state, id) => {
        state.sessionId = id
      })
    default:
      throw new SecLangError(action.at, action.name, `action "${action.name}" changes nothing in a transaction`)
  }
}

/** `initcol:ip=%{REMOTE_ADDR}` opens the record of that key for this transaction. */
function compileCollection(action: ActionNode, knowledge: Knowledge, context: CompileContext): Effect {
  const text = action.argument as string
  const equals = text.indexOf('=')
  const name = text.slice(0, equals).trim().toLowerCase()
  if (equals <= 0 || !persistentNames.includes(name)) {
    throw new SecLangError(
      action.at,
      text,
      `initcol "${text}" names no collection; write one of ${persistentNames.join(', ')} and =KEY`,
    )
  }
  return openWith(name as PersistentName, text.slice(equals + 1), knowledge, context, () => {})
}

function openWith(
  name: PersistentName,
  key: string,
  knowledge: Knowledge,
  context: CompileContext,
  then: (state: State, key: string) => void,
): Effect {
  const keyOf = compileTemplate(parseTemplate(key), knowledge, context, persistentKeyCharactersMax)
  return (state) => {
    const made = keyOf(state)
    state.records.set(name, state.persistent.open(name, made, Date.now()))
    then(state, made)
  }
}
