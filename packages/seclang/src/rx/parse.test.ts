import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { patternBytesMax, patternDepthMax, patternGroupsMax, patternRepeatMax } from '../bounds.ts'
import { parseRegex } from './parse.ts'
import { modSecurityOptions, RegexError } from './syntax.ts'

const refusal = (pattern: string): RegexError => {
  try {
    parseRegex(pattern, modSecurityOptions)
  } catch (error) {
    if (error instanceof RegexError) return error
    throw error
  }
  assert.fail(`${JSON.stringify(pattern)} was taken`)
}

const unusable: readonly (readonly [pattern: string, offset: number, why: RegExp])[] = [
  // Malformed, in PCRE as well.
  ['a(b', 1, /not closed/],
  ['a)b', 1, /no group/],
  ['[a', 0, /not closed/],
  ['[]', 0, /not closed/],
  ['*a', 0, /nothing to repeat/],
  ['a|+', 2, /nothing to repeat/],
  ['a**', 2, /nothing to repeat/],
  ['a{2}{3}', 4, /nothing to repeat/],
  ['^*', 1, /nothing to repeat/],
  ['(?i)*', 4, /nothing to repeat/],
  ['x{3,2}', 1, /wrong way round/],
  ['[z-a]', 1, /wrong way round/],
  ['[a-\\d]', 2, /single byte/],
  ['[\\d-z]', 1, /single byte/],
  ['[[:foo:]]', 1, /unknown POSIX class/],
  ['[[.a.]]', 1, /collating/],
  ['[\\B]', 1, /no meaning inside/],
  ['\\', 0, /backslash ends/],
  ['\\i', 0, /no meaning in PCRE/],
  ['\\x{41', 5, /closing brace/],
  ['\\x{}', 3, /expected digits/],
  ['\\o101}', 2, /opening brace/],
  ['\\o', 2, /opening brace/],
  ['\\o{8}', 3, /expected digits/],
  ['\\c\u00e9', 2, /printable ASCII/],
  ['(?#a', 0, /comment is not closed/],
  ['(?<1a>b)', 3, /name of a group/],
  ['(?<n>a)(?<n>b)', 7, /same name/],
  ['(?--i)a', 3, /hyphen/],
  ['\\1', 0, /to its left/],
  ['\\k<n>', 0, /to its left/],
  // Not bytes.
  ['\\x{100}', 2, /not a byte/],
  ['\\400', 1, /not a byte/],
  ['a\u0100', 1, /not a byte/],
  ['\\p{L}', 0, /no meaning for bytes/],
  ['\\X', 0, /no meaning for bytes/],
  ['\\N{U+41}', 0, /no meaning for bytes/],
  // No exact equivalent.
  ['a(?R)', 1, /recursion/],
  ['(a)(?1)', 3, /calling a group/],
  ['(?<n>a)(?&n)', 7, /calling a group/],
  ['(?<n>a)\\g<n>', 9, /calling a group/],
  ['(a)?(?(1)b|c)', 4, /conditional/],
  ['(?|(a)|(b))', 0, /number the groups/],
  ['(?C1)a', 0, /callouts/],
  ['(*FAIL)', 0, /verbs/],
  ['a\\Kb', 1, /\\K/],
  ['\\Ga', 0, /\\G/],
  ['(?J)a', 2, /\(\?J/],
  ['(a)?\\1', 4, /surely matched/],
  ['(?:(a)|b)\\1', 9, /surely matched/],
  ['(a\\1)', 2, /surely matched/],
  ['(?:(a)*)+\\1', 9, /surely matched/],
  ['(?i)(.)\\1', 7, /ASCII/],
  ['(?<=a+)b', 0, /bounded length/],
  ['b(?<=(a|bb))', 1, /fixed length/],
  ['(a)(?<=\\1)b', 3, /bounded length/],
  ['(a)(?<=(?=\\1)a)b', 10, /inside a look-behind/],
]

describe('a pattern that cannot be used', () => {
  for (const [pattern, offset, why] of unusable) {
    it(`is refused with its place and reason: ${JSON.stringify(pattern)}`, () => {
      const error = refusal(pattern)
      assert.match(error.message, why)
      assert.equal(error.offset, offset)
    })
  }

  it('is refused just above each bound, and taken at it', () => {
    const rows: readonly (readonly [bound: number, build: (size: number) => string])[] = [
      [patternBytesMax, (size) => 'a'.repeat(size)],
      [patternDepthMax - 1, (size) => `${'('.repeat(size)}a${')'.repeat(size)}`],
      [patternGroupsMax, (size) => '()'.repeat(size)],
      [patternRepeatMax, (size) => `a{${size}}`],
      [patternRepeatMax, (size) => `a{0,${size}}`],
    ]
    for (const [bound, build] of rows) {
      parseRegex(build(bound), modSecurityOptions)
      refusal(build(bound + 1))
    }
  })
})

describe('the parser', () => {
  it('answers any bytes with a tree or a RegexError inside the pattern', () => {
    const bytes = fc
      .array(
        fc.oneof(
          { weight: 2, arbitrary: fc.constantFrom(..."()[]{}|*+?^$.\\:<>=!-,#'&Pikgxs019aQE") },
          fc.integer({ min: 0, max: 0xff }).map((code) => String.fromCharCode(code)),
        ),
        { maxLength: 40 },
      )
      .map((characters) => characters.join(''))
    fc.assert(
      fc.property(bytes, (pattern) => {
        try {
          parseRegex(pattern, modSecurityOptions)
        } catch (error) {
          assert.ok(error instanceof RegexError, String(error))
          assert.ok(error.offset >= 0 && error.offset <= pattern.length)
        }
      }),
      { numRuns: 10000 },
    )
  })

  it('counts capturing groups, named ones included', () => {
    assert.equal(parseRegex("(a)(?:b)(?<n>c)(?P<o>d)(?'p'e)(?>f)(?=g)", modSecurityOptions).groups, 4)
  })
})
