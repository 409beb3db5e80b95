/** What the operators capture, and that the others leave nothing behind. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contextWith } from './context.fixture.ts'
import { findOperator } from './index.ts'

const files = { 'words.data': 'union all\nall' }
const geo = (address: string) => (address === '192.0.2.1' ? { COUNTRY_CODE: 'CH', COUNTRY_NAME: 'Switzerland' } : null)

const cases: readonly {
  readonly asks: string
  readonly value: string
  readonly captures: readonly string[] | null
}[] = [
  { asks: 'pm bcd ab c', value: 'xABCDx', captures: ['AB'] },
  { asks: 'pm bc abc c', value: 'xAbCx', captures: ['AbC'] },
  { asks: 'pm abc', value: 'abd', captures: null },
  { asks: 'pmFromFile words.data', value: '1 UNION ALL', captures: ['UNION ALL'] },
  { asks: 'rx (a)(x)?(b)', value: 'zab', captures: ['ab', 'a', '', 'b'] },
  { asks: 'rx a', value: 'b', captures: null },
  { asks: 'rxGlobal a(.)', value: 'abac', captures: ['ab', 'b', 'ac', 'c'] },
  { asks: 'rxGlobal [a-z]*', value: 'aa0b', captures: ['aa', 'b'] },
  { asks: 'rxGlobal ([a-z]*)(x)?', value: '0b', captures: ['', '', '', 'b', 'b', ''] },
  { asks: 'detectXSS ', value: 'a<script>', captures: ['a<script>'] },
  { asks: 'detectSQLi ', value: "1' or 1=1--", captures: ['s&1c'] },
  { asks: 'verifyCC [0-9 ]+', value: 'x 4111 1111 1111 1111x', captures: [' 4111 1111 1111 1111'] },
  { asks: 'verifySSN [0-9-]+', value: '1 078-05-1120', captures: ['078-05-1120'] },
  { asks: 'contains a', value: 'abc', captures: [] },
  { asks: 'contains z', value: 'abc', captures: null },
  { asks: 'eq 1', value: '1', captures: [] },
  { asks: 'ipMatch ::1', value: '::1', captures: [] },
  { asks: 'unconditionalMatch ', value: '', captures: [] },
  { asks: 'geoLookup ', value: '192.0.2.1', captures: ['CH'] },
  { asks: 'geoLookup ', value: '192.0.2.2', captures: null },
  { asks: 'geoLookup ', value: 'host.example', captures: null },
]

for (const { asks, value, captures } of cases) {
  const outcome = captures === null ? 'does not match and captures nothing' : `captures ${JSON.stringify(captures)}`
  test(`@${asks} on ${JSON.stringify(value)} ${outcome}`, () => {
    const space = asks.indexOf(' ')
    const matches = findOperator(asks.slice(0, space))?.compile(asks.slice(space + 1), contextWith(files, geo))
    const given = ['before']
    assert.equal(matches?.(value, given), captures !== null)
    assert.deepEqual(given, captures ?? ['before'])
  })
}
