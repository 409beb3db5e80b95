import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Template } from './syntax.ts'
import { parseTemplate } from './template.ts'

const macro = (collection: string, key: string | null): Template[number] => ({ collection, key })

const cases: readonly { text: string; parts: Template }[] = [
  { text: '', parts: [] },
  { text: 'plain', parts: ['plain'] },
  { text: '%{tx.name}', parts: [macro('tx', 'name')] },
  { text: '%{TX.0}', parts: [macro('tx', '0')] },
  { text: '%{MATCHED_VAR}', parts: [macro('matched_var', null)] },
  { text: '%{request_headers.User-Agent}', parts: [macro('request_headers', 'User-Agent')] },
  { text: '%{tx.a.b}', parts: [macro('tx', 'a.b')] },
  { text: 'a %{tx.A}%{tx.b} c', parts: ['a ', macro('tx', 'A'), macro('tx', 'b'), ' c'] },
  { text: '100% {x} %', parts: ['100% {x} %'] },
  { text: 'a %{tx.x', parts: ['a %{tx.x'] },
  { text: '%{} %{.x} %{a b}', parts: ['%{} %{.x} %{a b}'] },
  { text: '%{} %{x}', parts: ['%{} ', macro('x', null)] },
  { text: '%{tx.%{x}}', parts: [macro('tx', '%{x'), '}'] },
]

for (const { text, parts } of cases) {
  test(`the template ${JSON.stringify(text)} has ${parts.length} parts`, () => {
    assert.deepEqual(parseTemplate(text), parts)
  })
}

test('parts put together again give the text, but for the case of collections', () => {
  const pieces = fc.constantFrom('%{', '}', '%', '{', 'TX', '.', 'a', ' ', '\xff')
  fc.assert(
    fc.property(fc.array(pieces), (all) => {
      const text = all.join('')
      const again = parseTemplate(text).map((part) => {
        if (typeof part === 'string') return part
        return part.key === null ? `%{${part.collection}}` : `%{${part.collection}.${part.key}}`
      })
      assert.equal(again.join('').toLowerCase(), text.toLowerCase())
    }),
  )
})
