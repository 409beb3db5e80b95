import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pairsOf } from './bodies.fixture.ts'
import { parseCookies } from './cookies.ts'

const rows: readonly (readonly [string, readonly string[]])[] = [
  ['', []],
  ['a=1', ['a=1']],
  ['a=1; b=2', ['a=1', 'b=2']],
  ['a=1;b=2;', ['a=1', 'b=2']],
  ['a=b=c', ['a=b=c']],
  ['a="x y"', ['a="x y"']],
  ['a=%41+b', ['a=%41+b']],
  ['flag', ['flag=']],
  ['flag; a=1', ['flag=', 'a=1']],
  [';;a=1', ['a=1']],
  ['=v; a=1', ['a=1']],
  ['  a =1 ;b= 2 \t', ['a=1 ', 'b= 2']],
  ['\xa0a=1', ['\xa0a=1']],
  ['a=1; a=2', ['a=1', 'a=2']],
  ['__proto__=1', ['__proto__=1']],
  ['   ', []],
]

for (const [header, cookies] of rows) {
  test(`a Cookie header of ${JSON.stringify(header)} has these cookies`, () => {
    assert.deepEqual(pairsOf(parseCookies(header)), cookies)
  })
}
