/** Variables of query and body: ARGS and what belongs to it. */

import type { Argument } from '../bodies/body.ts'
import type { Named } from '../exchange.ts'
import type { State } from '../state.ts'
import { makeValue, type Variable } from '../value.ts'
import { namesOf } from './request.ts'
import type { VariableDefinition } from './variable-definition.ts'

/** The body's arguments with their values, made once for each parsed body, so that ARGS and ARGS_POST share what is known of them. */
const named = new WeakMap<readonly Argument[], readonly Named[]>()

function postArguments(state: State): readonly Named[] {
  const args = state.body()?.args
  if (args === undefined) return []
  let known = named.get(args)
  if (known === undefined) {
    known = args.map((argument) => ({ key: argument.name, value: makeValue(argument.value) }))
    named.set(args, known)
  }
  return known
}

function getArguments(state: State): readonly Named[] {
  return state.exchange.queryArguments
}

function allArguments(state: State): readonly Named[] {
  const post = postArguments(state)
  return post.length === 0 ? getArguments(state) : [...getArguments(state), ...post]
}

function collection(name: string, read: (state: State) => readonly Named[]): VariableDefinition {
  return {
    name,
    kind: 'collection',
    changes: 'exchange',
    read: (state) => read(state).map(({ key, value }): Variable => ({ collection: name, key, value })),
  }
}

function names(name: string, read: (state: State) => readonly Named[]): VariableDefinition {
  return { name, kind: 'collection', changes: 'exchange', read: (state) => namesOf(name, read(state)) }
}

export const argumentVariables: readonly VariableDefinition[] = [
  collection('ARGS', allArguments),
  collection('ARGS_GET', getArguments),
  collection('ARGS_POST', postArguments),
  names('ARGS_NAMES', allArguments),
  names('ARGS_GET_NAMES', getArguments),
  names('ARGS_POST_NAMES', postArguments),
  {
    name: 'ARGS_COMBINED_SIZE',
    kind: 'scalar',
    changes: 'exchange',
    read: (state) => {
      // Names count too (ModSecurity 3).
      let bytes = 0
      for (const { key, value } of allArguments(state)) bytes += key.length + value.text.length
      return [{ collection: 'ARGS_COMBINED_SIZE', key: null, value: makeValue(String(bytes)) }]
    },
  },
]
