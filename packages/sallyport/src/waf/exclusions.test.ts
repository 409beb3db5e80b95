import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile, SecLangError } from '@sallyport/seclang'
import fc from 'fast-check'
import { type Exclusion, excludedAt, exclusionSource } from './exclusions.ts'
import { beginJudgement } from './judge.ts'

const rules = {
  file: 'rules.conf',
  text: `SecRule ARGS "@contains attack" "id:1,phase:2,deny,status:403,log"
SecRule REQUEST_FILENAME "@contains forbidden" "id:2,phase:1,deny,status:403,log"
`,
}

/** These rules include nothing. */
const readFile = (): never => assert.fail('no file is read')

function blockedBy(exclude: readonly Exclusion[], target: string): readonly number[] {
  const { ruleSet } = compile([exclusionSource(exclude), rules], { mode: 'block', readFile })
  const peer = { address: '192.0.2.1', port: 1 }
  const judgement = beginJudgement([{ name: 'test', ruleSet }], {
    id: 'a',
    client: peer,
    server: peer,
    method: 'GET',
    target,
    protocol: 'HTTP/1.1',
    headers: [['Host', 'a']],
  })
  judgement.requestHeaders()
  judgement.requestBody(null)
  return judgement.finish().rules
}

const odd = `/a"b\\c'%{REQUEST_URI}`
const scoped: readonly { why: string; exclude: Exclusion; target: string; expect: readonly number[] }[] = [
  {
    why: 'its target under its path',
    exclude: { rules: [1], target: 'ARGS:memo', path: '/notes' },
    target: '/notes/1?memo=attack',
    expect: [],
  },
  {
    why: 'not another target',
    exclude: { rules: [1], target: 'ARGS:memo', path: '/notes' },
    target: '/notes/1?name=attack',
    expect: [1],
  },
  {
    why: 'not under another path',
    exclude: { rules: [1], target: 'ARGS:memo', path: '/notes' },
    target: '/orders?memo=attack',
    expect: [1],
  },
  {
    why: 'everywhere without a path',
    exclude: { rules: [1], target: 'ARGS:memo', path: null },
    target: '/orders?memo=attack',
    expect: [],
  },
  {
    why: 'rules whole without a target, those of phase 1 too',
    exclude: { rules: [1, 2], target: null, path: '/' },
    target: '/forbidden?a=attack',
    expect: [],
  },
  {
    why: 'a target in UTF-8',
    exclude: { rules: [1], target: 'ARGS:caf\u00e9', path: null },
    target: '/?caf%C3%A9=attack',
    expect: [],
  },
  {
    why: 'under a path of characters that mean something to the language',
    exclude: { rules: [1], target: null, path: odd },
    target: `${odd}?a=attack`,
    expect: [],
  },
  {
    why: 'not under what such a path would mean',
    exclude: { rules: [1], target: null, path: odd },
    target: '/a?a=attack',
    expect: [1],
  },
]
for (const { why, exclude, target, expect } of scoped) {
  test(`an exclusion excludes ${why}`, () => assert.deepEqual(blockedBy([exclude], target), expect))
}

const idle: readonly { why: string; exclude: Exclusion }[] = [
  { why: 'no rule of this set', exclude: { rules: [99], target: null, path: null } },
  { why: 'no target of its rules', exclude: { rules: [2], target: 'ARGS:memo', path: null } },
]
for (const { why, exclude } of idle) {
  test(`an exclusion that matches ${why} is a warning about its place`, () => {
    const sound: Exclusion = { rules: [1], target: null, path: null }
    const { warnings } = compile([exclusionSource([sound, exclude]), rules], { mode: 'block', readFile })
    assert.deepEqual(
      warnings.map(excludedAt).filter((place) => place !== null),
      [1],
    )
  })
}

test('whatever stands in a path or a target, it compiles to itself alone or is refused in a sentence', () => {
  const ascii = fc.string({ unit: fc.constantFrom(...'/ab"\'\\%{};,|:\n .*') })
  fc.assert(
    fc.property(ascii, ascii, (path, key) => {
      const exclude = [{ rules: [1], target: `ARGS:${key}x`, path: `/${path}` }]
      let source: ReturnType<typeof exclusionSource>
      try {
        source = exclusionSource(exclude)
      } catch (error) {
        assert.match((error as Error).message, /cannot be a target/)
        return
      }
      assert.equal(source.text.split('\n').length, 2)
      let warnings: ReturnType<typeof compile>['warnings'] = []
      try {
        warnings = compile([source, rules], { mode: 'block', readFile }).warnings
      } catch (error) {
        // A regular expression that is not closed: told at its place.
        assert.ok(error instanceof SecLangError && /^\//.test(key))
        assert.equal(excludedAt(error), 0)
      }
      assert.deepEqual(
        warnings.filter((warning) => excludedAt(warning) !== null),
        [],
      )
    }),
  )
})
