import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { loadRuleSet, type RuleSetChoice } from './load.ts'

const folder = mkdtempSync(join(tmpdir(), 'sallyport-'))
after(() => rmSync(folder, { recursive: true }))

const write = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const rules = write('rules.conf', 'SecRule ARGS "@pmFromFile words.data" "id:1,phase:2,deny"\nInclude more-*.conf\n')
const words = write('words.data', 'evil\n')
const included = write('more-a.conf', 'SecAction "id:2,phase:1,pass,nolog"\n')
const before = write('before.conf', 'SecAction "id:3,phase:1,pass,nolog"\n')
const choice: RuleSetChoice = {
  use: rules,
  mode: 'block',
  profile: 'stock',
  paranoia: null,
  before: [before],
  after: [],
  exclude: [{ rules: [1], target: 'ARGS:memo', path: null }],
}

test('a rule set of files that are as they were is not compiled again, whatever stands beside it', () => {
  const first = loadRuleSet(choice)
  const other = loadRuleSet({ ...choice, mode: 'detect' })
  assert.equal(loadRuleSet({ ...choice }, [other, first]), first)
  writeFileSync(words, 'evil\n')
  assert.equal(loadRuleSet(choice, [first]), first)
  assert.notEqual(loadRuleSet(choice, []), first)
})

const changes: readonly { what: string; now: Partial<RuleSetChoice>; change: () => void }[] = [
  { what: 'its mode', now: { mode: 'detect' }, change: () => undefined },
  { what: 'an exclusion', now: { exclude: [] }, change: () => undefined },
  { what: 'a file in front of it', now: { before: [] }, change: () => undefined },
  {
    what: 'the content of a file in front of it',
    now: {},
    change: () => writeFileSync(before, 'SecAction "id:4,phase:1,pass,nolog"\n'),
  },
  { what: 'a file of words that a rule reads', now: {}, change: () => writeFileSync(words, 'good\n') },
  {
    what: 'the content of an included file',
    now: {},
    change: () => writeFileSync(included, 'SecAction "id:5,phase:1,pass,nolog"\n'),
  },
  {
    what: 'which files a pattern includes',
    now: {},
    change: () => void write('more-b.conf', 'SecAction "id:6,phase:1,pass,nolog"\n'),
  },
]
for (const { what, now, change } of changes) {
  test(`a rule set is compiled again when ${what} has changed`, () => {
    const first = loadRuleSet(choice)
    change()
    const next = loadRuleSet({ ...choice, ...now }, [first])
    assert.notEqual(next, first)
    assert.notEqual(next.ruleSet, first.ruleSet)
  })
}
