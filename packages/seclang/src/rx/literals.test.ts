import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { requiredLiteralBytesMax, requiredLiteralsMax } from '../bounds.ts'
import { requiredLiterals } from './literals.ts'
import { matchesEmpty, minimumLength } from './measure.ts'
import { parseRegex } from './parse.ts'
import { modSecurityOptions } from './syntax.ts'

const literalsOf = (pattern: string): readonly string[] | null =>
  requiredLiterals(parseRegex(pattern, modSecurityOptions))

describe('required literals', () => {
  const rows: readonly (readonly [pattern: string, literals: readonly string[] | null])[] = [
    ['select', ['select']],
    ['(?i)SeLeCt', ['select']],
    ['SELECT', ['select']],
    ['union.+select', ['select']],
    ['(?:select|insert)\\W', ['insert', 'select']],
    ['ab[cd]e', ['abce', 'abde']],
    ['colou?r', ['color', 'colour']],
    ['x{3}', ['xxx']],
    ['(?:ab){2,}', ['abab']],
    ['a(?:foo.*bar|baz)q', ['abaz', 'afoo']],
    ['abcde|abc', ['abc']],
    ['(?=foo)ba', ['ba']],
    ['^\\Qa.b\\E$', ['a.b']],
    ['a*', null],
    ['foo|.*', null],
    ['\\w\\d', null],
    ['(foo)?\\d', null],
    ['', null],
    ['[^\\x00-\\xff]', null],
    ['\xc9', ['\xc9']],
  ]
  for (const [pattern, literals] of rows) {
    it(`of /${pattern}/ are ${JSON.stringify(literals)}`, () => {
      assert.deepEqual(literalsOf(pattern)?.toSorted() ?? null, literals)
    })
  }

  it('are few and short, whatever the pattern', () => {
    const words = Array.from({ length: 2000 }, (_, index) => `w${index}x`).join('|')
    for (const pattern of [words, `(?:${words})(?:${words})`, `[a-h]{9}`, 'y'.repeat(99)]) {
      const found = literalsOf(pattern)
      assert.ok(found !== null && found.length <= requiredLiteralsMax)
      assert.ok(found.every((word) => word.length > 0 && word.length <= requiredLiteralBytesMax))
    }
  })
})

describe('the minimum length', () => {
  const rows: readonly (readonly [pattern: string, length: number])[] = [
    ['', 0],
    ['^\\b(?=abc)$', 0],
    ['a|bc', 1],
    ['(?:ab){3,}c?', 6],
    ['(a+)\\1', 1],
    ['\\R{2}', 2],
  ]
  for (const [pattern, length] of rows) {
    it(`of /${pattern}/ is ${length}`, () => {
      const { root } = parseRegex(pattern, modSecurityOptions)
      assert.equal(minimumLength(root), length)
      assert.equal(matchesEmpty(root), length === 0)
    })
  }
})
