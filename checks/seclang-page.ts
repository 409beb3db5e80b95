/** docs/seclang.md: what of SecLang the engine takes, accepts without effect and refuses, from the tables that decide it. */

import { actionTable, refusedActions } from '../packages/seclang/src/compile/actions.ts'
import { operators, refusedOperators } from '../packages/seclang/src/operators/index.ts'
import { directives } from '../packages/seclang/src/parse/directives.ts'
import { transformations } from '../packages/seclang/src/transformations/index.ts'
import { refusedVariables, variableNames } from '../packages/seclang/src/variables/index.ts'

type Entry = readonly [name: string, why: string]

/** The whole page. It changes only with the tables; `node checks/write-seclang-page.ts` writes it anew. */
export function seclangPage(): string {
  const listed = (list: 'supported' | 'accepted' | 'refused'): Entry[] =>
    directives.filter((row) => row.list === list).map(({ name, reason }) => [name, reason])
  const actions = [...actionTable]
  return `${[
    '# What of SecLang the engine takes',
    'Made from the engine’s own tables (`node checks/write-seclang-page.ts`). What stands in no list is an error that names file, line and word: nothing is skipped in silence. Names are compared without regard to case.',
    '## Directives',
    names('Supported', listed('supported')),
    reasons('Accepted without effect, with one warning', listed('accepted')),
    reasons('Refused', listed('refused')),
    '## Actions',
    names(
      'Supported',
      actions.filter(([, { group }]) => group !== 'accepted').map(([name]) => [name, '']),
    ),
    names(
      'Accepted without effect',
      actions.filter(([, { group, why }]) => group === 'accepted' && why === undefined).map(([name]) => [name, '']),
    ),
    reasons(
      'Accepted without effect, with one warning',
      actions.flatMap(([name, { why }]): Entry[] => (why === undefined ? [] : [[name, why]])),
    ),
    reasons('Refused', Object.entries(refusedActions)),
    '## Operators',
    names(
      'Supported',
      Object.keys(operators).map((name) => [`@${name}`, '']),
    ),
    reasons(
      'Refused',
      refusedOperators.map(({ name, reason }) => [`@${name}`, reason]),
    ),
    '## Transformations',
    names(
      'Supported',
      ['none', ...Object.keys(transformations)].map((name) => [`t:${name}`, '']),
    ),
    '## Variables',
    names(
      'Supported',
      variableNames.map((name) => [name, '']),
    ),
    reasons('Refused', Object.entries(refusedVariables)),
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`
}

function names(title: string, entries: readonly Entry[]): string {
  return `${title}: ${entries.map(([name]) => `\`${name}\``).join(', ')}.`
}

function reasons(title: string, entries: readonly Entry[]): string {
  if (entries.length === 0) return ''
  return `${title}:\n\n${entries.map(([name, why]) => `- \`${name}\`: ${why}.`).join('\n')}`
}
