import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isCpf, isLuhn, isSsn, isSvnr } from './check-digits.ts'

const cases = [
  { check: isLuhn, text: '4111 1111 1111 1111', valid: true },
  { check: isLuhn, text: '4111-1111-1111-1112', valid: false },
  { check: isLuhn, text: '378282246310005', valid: true },
  { check: isLuhn, text: '0', valid: true },
  { check: isLuhn, text: '', valid: false },
  { check: isLuhn, text: 'no digits', valid: false },
  { check: isCpf, text: '529.982.247-25', valid: true },
  { check: isCpf, text: '529.982.247-26', valid: false },
  { check: isCpf, text: '529.982.247-15', valid: false },
  { check: isCpf, text: '111.111.111-11', valid: false },
  { check: isCpf, text: '529982247', valid: false },
  { check: isCpf, text: '5299822472500', valid: false },
  { check: isSsn, text: '078-05-1120', valid: true },
  { check: isSsn, text: '739-01-0001', valid: true },
  { check: isSsn, text: '740-01-0001', valid: false },
  { check: isSsn, text: '666-12-3456', valid: false },
  { check: isSsn, text: '000-12-3456', valid: false },
  { check: isSsn, text: '123-00-4567', valid: false },
  { check: isSsn, text: '123-45-0000', valid: false },
  { check: isSsn, text: '123-45-6789', valid: false },
  { check: isSsn, text: '333-33-3333', valid: false },
  { check: isSsn, text: '12-34', valid: false },
  { check: isSvnr, text: '1237 010180', valid: true },
  { check: isSvnr, text: '1238 010180', valid: false },
  { check: isSvnr, text: '0000000000', valid: false },
  { check: isSvnr, text: '', valid: false },
]

for (const { check, text, valid } of cases) {
  test(`${check.name} says ${valid} to "${text}"`, () => assert.equal(check(text), valid))
}

test('one wrong digit never passes Luhn', () => {
  const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 20 })
  fc.assert(
    fc.property(digits, fc.nat(), fc.integer({ min: 1, max: 9 }), (number, where, change) => {
      const text = number.join('')
      const at = where % text.length
      const wrong = text.slice(0, at) + ((Number(text[at]) + change) % 10) + text.slice(at + 1)
      assert.ok(!(isLuhn(text) && isLuhn(wrong)))
    }),
  )
})
