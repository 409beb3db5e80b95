import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ArgumentForm, type DirectiveRow, directives, findDirective } from './directives.ts'
import { nearest } from './nearest.ts'
import { parse } from './parse.ts'

/** An argument that each form takes. */
function sample(form: ArgumentForm): string {
  if (typeof form !== 'string') return form[0]!
  const samples: Partial<Record<typeof form, string>> = {
    rule: 'ARGS "@rx x" "id:1"',
    action: 'id:1',
    defaultAction: 'phase:1,pass',
    removeById: '1-5',
    updateTargetById: '1 !ARGS:x',
    updateTargetByTag: 'tag !ARGS:x',
    updateTargetByMsg: 'msg !ARGS:x',
    updateActionById: '1 pass',
    include: '*.conf',
    nothing: '',
    number: '131072',
    character: '&',
  }
  return samples[form] ?? 'text'
}

function outcome(row: DirectiveRow, name: string): { error: string; warnings: string[] } {
  const warnings: string[] = []
  const warn = ({ reason }: { reason: string }): void => void warnings.push(reason)
  try {
    parse(`${name} ${sample(row.argument)}`, 'f', { include: () => [], warn })
    return { error: '', warnings }
  } catch (error) {
    return { error: (error as Error).message, warnings }
  }
}

for (const row of directives) {
  test(`${row.name} is ${row.list}, whatever the case of its name`, () => {
    for (const name of [row.name, row.name.toLowerCase(), row.name.toUpperCase()]) {
      assert.equal(findDirective(name), row)
      const refused = row.list === 'refused' ? `f:1:1: "${name}" ${row.reason}` : ''
      const warnings = row.list === 'accepted' ? [`${row.name} has no effect: ${row.reason}`] : []
      assert.deepEqual(outcome(row, name), { error: refused, warnings })
    }
  })
}

test('no name has two rows', () => {
  assert.equal(new Set(directives.map(({ name }) => name.toLowerCase())).size, directives.length)
})

const slips: readonly { wrote: string; meant: string | null }[] = [
  { wrote: 'SecRul', meant: 'SecRule' },
  { wrote: 'secrule ', meant: 'SecRule' },
  { wrote: 'SecRulle', meant: 'SecRule' },
  { wrote: 'SecActoin', meant: 'SecAction' },
  { wrote: 'SecRuleRemoveByID5', meant: 'SecRuleRemoveById' },
  { wrote: 'SecRequestBodyLimits', meant: 'SecRequestBodyLimit' },
  { wrote: 'Includes', meant: 'Include' },
  { wrote: 'SecRemoteRule', meant: null },
  { wrote: 'ServerName', meant: null },
  { wrote: 'x'.repeat(10_000), meant: null },
]

for (const { wrote, meant } of slips) {
  test(`${wrote.slice(0, 30)} is a slip for ${meant ?? 'nothing'}`, () => assert.equal(nearest(wrote), meant))
}
