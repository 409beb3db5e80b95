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
