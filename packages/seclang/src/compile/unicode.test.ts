import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileText } from '../cases/cases.fixture.ts'
import type { Chain } from '../transformations/chain.ts'

const rule = 'SecRule ARGS "@rx a" "id:1,phase:1,pass,t:urlDecodeUni,t:lowercase"'

function chain(text: string, map: string): Chain | null | undefined {
  const { program } = compileText(text, { files: { map }, engineSettings: 'conformance' })
  return program.phases[1].find(({ id }) => id === 1)?.links[0]?.condition?.chain
}

test('reloading rules under the same map makes no new chain, and another map or none is another', () => {
  const mapped = `SecUnicodeMapFile map 20127\n${rule}`
  const first = chain(mapped, '20127\n00aa:61')
  assert.ok(first !== null && first !== undefined)
  assert.equal(chain(mapped, '20127 (a remark)\n00aa:61'), first)
  assert.notEqual(chain(mapped, '20127\n00aa:62'), first)
  assert.notEqual(chain(rule, ''), first)
  assert.equal(chain(rule, ''), chain(rule, ''))
  assert.equal(chain(mapped, '20127\n00aa:61'), first)
})
