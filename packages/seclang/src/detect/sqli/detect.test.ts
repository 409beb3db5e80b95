import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { detectSqli } from './detect.ts'

const attacks: readonly (readonly [string, string])[] = [
  ['1 or 1=1', '1&1'],
  ["x' or 'a'='a", 's&sos'],
  ["x' || 'y", 's&s'],
  ["x'+'y", 'sos'],
  ['x" or 1=1 -- ', 's&1c'],
  ["admin'--", 'sc'],
  ["admin'/*", 'sc'],
  ['1;--', '1;c'],
  ['1--', '1c'],
  ['1 /*!50000union*/ select 2', 'X'],
  ['-1 union all select null,null', '1UEv'],
  ['1/**/union/**/select/**/2', '1UE1'],
  ['1 union (select 2)', '1U(E1'],
  ['1 /* half */ union', '1U'],
  ["1'; drop table users--", 's;Tnc'],
  ['1; exec xp_cmdshell(1)', '1;Tf('],
  ["1') waitfor delay '0:0:5'--", 's)Esc'],
  ['1 and (select 2 from dual)', '1&(E1'],
  ["1' and exists(select 1)", 's&k(E'],
  ['(select 1 from dual)', 'E1kk)'],
  ['1,(select 2)', '1,(E1'],
  ['sleep(20)', 'f(1)'],
  ["2010-01-01'+sleep(20)+'", 'sof(1'],
  ['1 rlike sleep(5)', '1of(1'],
  ["1' order by 3#", 'sB1o'],
  ['1) order by 3--', '1)B1c'],
  ['1 where 2=2 or 3=3', '1k1&1'],
  ["1' into outfile '/x'--", 'sksc'],
  ["1' in boolean mode) or 1=1", 'sk)&1'],
  ['1 procedure analyse(extractvalue(1,2))', '1k(f('],
  ["x'--sp_password", 'sc'],
  ['foo/* text */', 'nc'],
]

test('an injection is found and its fingerprint told', () => {
  for (const [value, fingerprint] of attacks) assert.equal(detectSqli(value), fingerprint, value)
})

const honest: readonly string[] = [
  '',
  "O'Brien",
  "D'Angelo and O'Neil",
  "rock 'n' roll",
  "it's 5 o'clock and we're late",
  "players' and 5 coaches' seats",
  '"A" and "B"',
  '2024-01-02T03:04:05Z',
  '550e8400-e29b-41d4-a716-446655440000',
  'a.b+c@example.com',
  '$1,234.56',
  'EUR 5.00 - 10.00',
  '0 0 1 * *',
  '*/5 * * * *',
  'https://a.example/x?a=1&b=2#c',
  'SGVsbG8gd29ybGQ=',
  "# Title\n\n- item (one)\n- item 'two'",
  'The union select committee',
  'please update your card; delete the old one',
  'it is optional; if not given, 1 is used',
  '1) As agreed from now on',
  '(1) and (2) apply',
  '1992, 1993 and 1994',
  'sexy and 17',
  'text/html; charset=utf-8',
  'image/*',
  'src/**/*.ts',
  '100% cotton -- really',
  'foo--',
  '1# a note',
  '1 union',
  'select * from balance_transactions',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)',
  '1 to 2 and 3 to 4',
]

test('names, dates, amounts, addresses and sentences are no injections', () => {
  for (const value of honest) assert.equal(detectSqli(value), null, value)
})

test('any bytes get an answer of at most five letters', () => {
  const bytes = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) })
  fc.assert(
    fc.property(bytes, (value) => {
      const found = detectSqli(value)
      assert.ok(found === null || /^.{1,5}$/.test(found))
    }),
  )
})
