/** Variables that rules make: TX, what matched, persistent collections, time. */

import type { PersistentName, State } from '../state.ts'
import { makeValue, type Variable, variableName } from '../value.ts'
import type { VariableDefinition } from './variable-definition.ts'

function stateScalar(name: string, read: (state: State) => string | null): VariableDefinition {
  return {
    name,
    kind: 'scalar',
    changes: 'state',
    read: (state) => {
      const text = read(state)
      return text === null ? [] : [{ collection: name, key: null, value: makeValue(text) }]
    },
  }
}

function stateCollection(
  name: string,
  read: (state: State) => Iterable<readonly [key: string, text: string]>,
): VariableDefinition {
  return {
    name,
    kind: 'collection',
    changes: 'state',
    read: (state) => {
      const variables: Variable[] = []
      for (const [key, text] of read(state)) variables.push({ collection: name, key, value: makeValue(text) })
      return variables
    },
  }
}

function persistent(name: PersistentName): VariableDefinition {
  return stateCollection(name.toUpperCase(), (state) => state.records.get(name)?.entries(Date.now()) ?? [])
}

function time(name: string, read: (now: Date) => number | string): VariableDefinition {
  return stateScalar(name, () => String(read(new Date())))
}

const digits = (number: number): string => String(number).padStart(2, '0')

const matchedVariables: readonly VariableDefinition[] = [
  {
    name: 'MATCHED_VAR',
    kind: 'scalar',
    changes: 'state',
    read: ({ matched }) => (matched === null ? [] : [{ collection: 'MATCHED_VAR', key: null, value: matched.value }]),
  },
  stateScalar('MATCHED_VAR_NAME', ({ matched }) => (matched === null ? null : variableName(matched))),
  {
    name: 'MATCHED_VARS',
    kind: 'collection',
    changes: 'state',
    read: ({ matchedAll }) =>
      matchedAll.map((variable) => ({
        collection: 'MATCHED_VARS',
        key: variableName(variable),
        value: variable.value,
      })),
  },
  {
    name: 'MATCHED_VARS_NAMES',
    kind: 'collection',
    changes: 'state',
    read: ({ matchedAll }) =>
      matchedAll.map((variable) => {
        const key = variableName(variable)
        return { collection: 'MATCHED_VARS_NAMES', key, value: makeValue(key) }
      }),
  },
]

export const transactionVariables: readonly VariableDefinition[] = [
  stateCollection('TX', (state) => state.tx.entries()),
  ...matchedVariables,
  stateScalar('HIGHEST_SEVERITY', (state) => String(state.highestSeverity)),
  stateCollection('GEO', (state) => Object.entries(state.geo ?? {})),
  persistent('global'),
  persistent('ip'),
  persistent('resource'),
  persistent('session'),
  persistent('user'),
  stateScalar('SESSIONID', (state) => (state.sessionId === '' ? null : state.sessionId)),
  stateScalar('USERID', (state) => (state.userId === '' ? null : state.userId)),
  stateScalar('DURATION', (state) => String(Date.now() - state.exchange.startedAt)),
  time('TIME', (now) => `${digits(now.getHours())}:${digits(now.getMinutes())}:${digits(now.getSeconds())}`),
  time('TIME_EPOCH', (now) => Math.floor(now.getTime() / 1000)),
  time('TIME_YEAR', (now) => now.getFullYear()),
  // 1 to 12, as the reference says (ModSecurity 2 counted from 0).
  time('TIME_MON', (now) => now.getMonth() + 1),
  time('TIME_DAY', (now) => now.getDate()),
  time('TIME_WDAY', (now) => now.getDay()),
  time('TIME_HOUR', (now) => now.getHours()),
  time('TIME_MIN', (now) => now.getMinutes()),
  time('TIME_SEC', (now) => now.getSeconds()),
]
