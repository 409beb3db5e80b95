import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { globalMatchesMax } from '../bounds.ts'
import { compileGlobal, compileRegex } from './compile.ts'
import { modSecurityOptions, RegexError, type RegexOptions } from './syntax.ts'

/** `[pattern, value, whole match and groups]`; null: no match. */
type Row = readonly [pattern: string, value: string, captures: readonly string[] | null]

const cases = (about: string, rows: readonly Row[], options: Partial<RegexOptions> = {}): void => {
  describe(about, () => {
    for (const [pattern, value, expected] of rows) {
      it(`/${pattern}/ on ${JSON.stringify(value)}`, () => {
        const captures: string[] = []
        const regex = compileRegex(pattern, { ...modSecurityOptions, ...options })
        assert.equal(regex.exec(value, null), expected !== null, regex.source)
        regex.exec(value, captures)
        assert.deepEqual(captures, expected ?? [])
      })
    }
  })
}

cases('escapes stand for bytes', [
  ['\\x41\\x{42}\\103\\o{104}', 'ABCD', ['ABCD']],
  ['\\a\\e\\f\\n\\r\\t', '\x07\x1b\f\n\r\t', ['\x07\x1b\f\n\r\t']],
  ['\\cA\\c{\\cz', '\x01;\x1a', ['\x01;\x1a']],
  ['\\x', '\0', ['\0']],
  ['\\xg', '\0g', ['\0g']],
  ['\\0\\08', '\0\x008', ['\0\x008']],
  ['(a)\\11', 'a\t', ['a\t', 'a']],
  ['\\Qa.b*\\E+', 'a.b**', ['a.b**']],
  ['a\\Q\\E+', 'aa', ['aa']],
  ['\\Q(', '(', ['(']],
  ['\\/\\"\\_', '/"_', ['/"_']],
  ['\xe9', '\xe9', ['\xe9']],
  ['\\C', '\n', ['\n']],
])

cases('classes are of ASCII, but for the two white spaces of PCRE', [
  ['\\s+', '\xa0\t\n\v\f\r \x85', ['\t\n\v\f\r ']],
  ['\\w+', '-aZ_9\xe9', ['aZ_9']],
  ['\\W', 'a\xe9', ['\xe9']],
  ['\\d+\\D', '19\xb2', ['19\xb2']],
  ['\\h+', '\n \t\xa0', [' \t\xa0']],
  ['\\v+', ' \n\v\f\r\x85', ['\n\v\f\r\x85']],
  ['\\N+', '\na\r\n', ['a\r']],
  ['\\R', '\r\n', ['\r\n']],
  ['\\R\\n', '\r\n', null],
  ['[[:punct:][:digit:]]+', 'a!~9', ['!~9']],
  ['[[:^alpha:]]+', 'a\xe9-', ['\xe9-']],
  ['[]a]+', ']a', [']a']],
  ['[^]a]', ']ab', ['b']],
  ['[a\\]-]+', '-]a', ['-]a']],
  ['[\\w-]+', 'a-b', ['a-b']],
  ['[--a]', '.', ['.']],
  ['[\\x61-\\143]+', 'abcd', ['abc']],
  ['[\\Qa-c\\E]+', 'bca-', ['ca-']],
  ['[\\b]', '\b', ['\b']],
  ['[[:alpha]+', ':alph[', [':alph[']],
])

cases('case is folded in ASCII alone, and only where asked', [
  ['(?i)straSSe', 'STRASSE', ['STRASSE']],
  ['(?i)\xe9', '\xc9', null],
  ['(?i)\xb5', '\u00b5', ['\xb5']],
  ['(?i)[^k]', 'kK', null],
  ['(?i)[[:upper:]]+', 'aB', ['aB']],
  ['(?i)[[:^lower:]]', 'aB', null],
  ['(?i)[\\x{e0}-\\x{ef}]', '\xc9', null],
  ['a(?i)b|c', 'C', ['C']],
  ['(a(?i)b|c)d', 'CD', null],
  ['(?i:a)b', 'Ab', ['Ab']],
  ['(?i)a(?-i)b', 'AB', null],
  ['(?i)a(?^:b)', 'AB', null],
  ['(?i)(ab)\\1', 'aBAb', ['aBAb', 'aB']],
])

cases('an option of the caller holds from the start', [['ab', 'xAB', ['AB']]], { ignoreCase: true })

cases('line breaks are \\n alone', [
  ['^b', 'a\nb', ['b']],
  ['^b', 'a\rb', null],
  ['a$', 'a\nb', ['a']],
  ['a$', 'a\r', null],
  ['^$', 'a\n', null],
  ['^$', 'a\n\n', ['']],
  ['^', '\n', ['']],
  ['\\n^', '\n', null],
  ['\\n^', '\n\n', ['\n']],
  ['^a*$', 'b\n', null],
  ['(a|b$)$', 'xb\n', ['b', 'b']],
  ['(?:a|$)b*$', 'b\nc', ['']],
  ['a$\\r', 'a\r', null],
  ['(?:a$|b)\\n', 'a\n', ['a\n']],
  ['a\\z', 'a\n', null],
  ['a\\Z', 'xa\n', ['a']],
  ['a\\Z', 'a\n\n', null],
  ['(a\\Z)', 'a\n', ['a', 'a']],
  ['\\Ab', 'a\nb', null],
  ['.+', 'a\nb', ['a\nb']],
  ['(?-s).+', 'a\rb\nc', ['a\rb']],
  ['(?-m)^b', 'a\nb', null],
  ['(?-m)a$', 'a\n', ['a']],
  ['(?-m)a$', 'a\nb', null],
])

cases(
  'without DOTALL and MULTILINE',
  [
    ['^.$', 'a\n', ['a']],
    ['^.$', '\n', null],
    ['^b', 'a\nb', null],
  ],
  { dotAll: false, multiline: false },
)

cases('repetition', [
  ['a{2,3}', 'aaaa', ['aaa']],
  ['a{,2}b', 'aaab', ['aab']],
  ['a{2', 'a{2', ['a{2']],
  ['a{}{x}', 'a{}{x}', ['a{}{x}']],
  ['<.+?>', '<a><b>', ['<a>']],
  ['a{2,}?', 'aaa', ['aa']],
  ['x{40}y', `${'x'.repeat(41)}y`, [`${'x'.repeat(40)}y`]],
  ['yx{3,50}', `y${'x'.repeat(60)}`, [`y${'x'.repeat(50)}`]],
  ['yx{3,50}?', `y${'x'.repeat(60)}`, ['yxxx']],
  ['y(x{3,50})x', `y${'x'.repeat(40)}`, [`y${'x'.repeat(40)}`, 'x'.repeat(39)]],
  ['^(?:ab){3,20}$', 'ab'.repeat(20), ['ab'.repeat(20)]],
  ['^(?:ab){3,20}$', 'ab'.repeat(21), null],
  ['^(?:ab){3,20}$', 'abab', null],
  ['(?:\\D{2,}?|a){3,20}', 'aaaaaaaaaaaaK', ['aaaaaaaaaaaa']],
  ['(?x) a # one\n {2} \\ b', 'aa b', ['aa b']],
  ['a(?#twice){2}', 'aa', ['aa']],
])

cases('atomic groups and possessive quantifiers give nothing back', [
  ['a++b', 'aab', ['aab']],
  ['a++ab', 'aab', null],
  ['(?>a|ab)c', 'abc', null],
  ['(?>ab|a)c', 'ac', ['ac']],
  ['(?>ab|a)b', 'ab', null],
  ['x(?>.*)y', 'xy', null],
  ['(?:(?>a+)b)+', 'aabab', ['aabab']],
  ['[^\\n]*+\\n', 'a\n', ['a\n']],
  ["'(?:[^'x]|x.)*+'", "'ax'b'", ["'ax'b'"]],
  ['(?:a*+){2,}a\\z', 'aa', null],
  ['(?>a*?)b', 'ab', ['b']],
  ['(?>a?b?)b', 'ab', null],
  ['(?>a*\\d*)[x1]', 'aa1', null],
  ['(?>(a)|b)c', 'ac', ['ac', 'a']],
])

cases('look-arounds', [
  ['<\\?(?!xml)', '<?php', ['<?']],
  ['<\\?(?!xml)', '<?xml', null],
  ['<\\?(?!xml)', '<?xm', ['<?']],
  ['a(?=b)', 'ab', ['a']],
  ['(?<=\\$)\\d', '1$2', ['2']],
  ['(?<!\\$|-)\\d', '$1-23', ['3']],
  ['(?=(a+))a', 'baa', ['a', 'aa']],
  ['(?<=a|bc)d', 'bcd', ['d']],
])

cases('groups and references', [
  ['a((?:b*?|c)?)?', 'ab', ['a', '']],
  ['(a)(b)?(c)', 'ac', ['ac', 'a', '', 'c']],
  ["(?<n>a)(?P<o>b)(?'p'c)\\k<n>\\k'o'\\k{p}(?P=n)\\g{n}", 'abcabcaa', ['abcabcaa', 'a', 'b', 'c']],
  ['(a|b)\\1', 'abb', ['bb', 'b']],
  ['(a)\\g1\\g{1}\\g-1\\g{-1}0', 'aaaaa0', ['aaaaa0', 'a']],
  ['(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)', '0123456789', ['0123456789', ...'012345678']],
  ['', 'abc', ['']],
])

describe('a compiled expression', () => {
  it('forgets what captures held, and says nothing without a match', () => {
    const regex = compileRegex('(a)', modSecurityOptions)
    const captures = ['old', 'older', 'oldest']
    assert.equal(regex.exec('b', captures), false)
    assert.deepEqual(captures, ['old', 'older', 'oldest'])
    assert.equal(regex.exec('a', captures), true)
    assert.deepEqual(captures, ['a', 'a'])
  })

  it('answers alike however often it is asked', () => {
    const regex = compileRegex('a', modSecurityOptions)
    assert.deepEqual(
      [1, 2, 3].map(() => regex.exec('xa', null)),
      [true, true, true],
    )
  })

  it('is cut to what yes or no depends on', () => {
    assert.equal(compileRegex('\\s*(?:foo|bar)+.*', modSecurityOptions).source, '(?:foo|bar)')
    assert.equal(compileRegex('(a)?b(?:c|d*|e)', modSecurityOptions).source, 'b')
  })

  it('is refused where V8 would only find out on a first value that it is too large', () => {
    assert.throws(() => compileRegex(`x${'(?=a|b*)'.repeat(5000)}y`, modSecurityOptions), RegexError)
  })

  it('is refused where an atomic group cannot be emulated', () => {
    for (const pattern of ['x(?<=(?>a|ab)bx)', '(?>(?:a|b?)*c|d*)c']) {
      assert.throws(() => compileRegex(pattern, modSecurityOptions), RegexError)
    }
  })

  it('survives a value that fills the stack of the engine', () => {
    const value = 'ab'.repeat(4_000_000)
    const captures: string[] = []
    assert.equal(compileRegex('^(?:(a)|(b)|(c)|(d))*$', modSecurityOptions).exec(value, captures), true)
    assert.deepEqual(captures, [''])
  })
})

describe('all matches', () => {
  const all = (pattern: string, value: string): readonly string[] | null => {
    const captures: string[] = []
    return compileGlobal(pattern, modSecurityOptions).exec(value, captures) ? captures : null
  }
  const rows: readonly Row[] = [
    ['a(.)', 'abac', ['ab', 'b', 'ac', 'c']],
    ['[a-z]*', 'aa00b', ['aa', 'b']],
    ['(x*)', '', ['', '']],
    ['x', 'abc', null],
    ['(^|a)(b|c)(d)', 'bdacd', ['bd', '', 'b', 'd', 'acd', 'a', 'c', 'd']],
    ['^a$', 'a\na\nb\na', ['a', 'a', 'a']],
  ]
  for (const [pattern, value, expected] of rows) {
    it(`/${pattern}/ on ${JSON.stringify(value)}`, () => assert.deepEqual(all(pattern, value), expected))
  }

  it('end at their bound', () => {
    assert.equal(all('a', 'a'.repeat(globalMatchesMax + 1))?.length, globalMatchesMax)
  })
})
