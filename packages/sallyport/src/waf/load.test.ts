import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { SecLangError } from '@sallyport/seclang'
import { beginJudgement, type Findings } from './judge.ts'
import { loadRuleSet, type RuleSetChoice } from './load.ts'

const folder = mkdtempSync(join(tmpdir(), 'sallyport-'))
after(() => rmSync(folder, { recursive: true }))

/** Writes files below the folder; gives their paths. */
function files(contents: Readonly<Record<string, string>>): string[] {
  return Object.entries(contents).map(([name, text]) => {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text, 'latin1')
    return path
  })
}

const plain = { mode: 'block', profile: 'stock', paranoia: null, before: [], after: [] } as const
const peer = { address: '192.0.2.1', port: 1 }

function judge(choice: Partial<RuleSetChoice> & { use: string }, method = 'GET'): Findings {
  const headers = [['Host', 'a'] as const]
  const head = { client: peer, server: peer, method, target: '/?q=evil', protocol: 'HTTP/1.1', headers }
  const judgement = beginJudgement([loadRuleSet({ ...plain, ...choice })], head)
  judgement.requestHeaders()
  judgement.requestBody(null)
  return judgement.finish()
}

/** A rule that says that it was reached. */
const says = (id: number): string => `SecAction "id:${id},phase:1,pass,log"\n`

test('a release of CRS is loaded in the order of its documentation, with before and after around it', () => {
  files({
    'release/crs-setup.conf.example': 'SecAction "id:99,phase:1,deny,log"\n',
    'release/crs-setup.conf': says(2),
    'release/plugins/b-config.conf': says(4),
    'release/plugins/a-config.conf': says(3),
    'release/plugins/a-before.conf': says(5),
    'release/rules/REQUEST-901.conf': says(6),
    'release/rules/REQUEST-949.conf': says(7),
    'release/rules/REQUEST-900.conf.example': says(98),
    'release/plugins/a-after.conf': says(8),
  })
  const [before = '', afterwards = ''] = files({ 'before.conf': says(1), 'after.conf': says(9) })
  const found = judge({ use: join(folder, 'release'), before: [before], after: [afterwards] })
  assert.deepEqual(found.rules, [1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test('the example set-up serves where nobody has made one of it', () => {
  files({ 'fresh/crs-setup.conf.example': says(1), 'fresh/rules/a.conf': says(2) })
  assert.deepEqual(judge({ use: join(folder, 'fresh') }).rules, [1, 2])
})

const allowsMethods = `SecRule &TX:allowed_methods "@eq 0" "id:1,phase:1,pass,nolog,setvar:'tx.allowed_methods=GET'"
SecRule REQUEST_METHOD "!@within %{tx.allowed_methods}" "id:2,phase:1,deny,log"
`

test('the profile api is for APIs, stock is as published, and what an operator sets beats both', () => {
  files({ 'methods/crs-setup.conf': '', 'methods/rules/a.conf': allowsMethods })
  const use = join(folder, 'methods')
  for (const method of ['PUT', 'PATCH', 'DELETE']) {
    assert.equal(judge({ use, profile: 'api' }, method).stop, null)
    assert.equal(judge({ use, profile: 'stock' }, method).stop?.status, 403)
  }
  assert.equal(judge({ use, profile: 'api' }, 'TRACE').stop?.status, 403)
  files({ 'methods/crs-setup.conf': `SecAction "id:3,phase:1,pass,nolog,setvar:'tx.allowed_methods=PUT'"\n` })
  assert.equal(judge({ use, profile: 'api' }, 'PATCH').stop?.status, 403)
})

test('the paranoia level that is asked for beats the one of the set-up', () => {
  const level = (value: number): string =>
    `SecAction "id:1,phase:1,pass,nolog,setvar:tx.blocking_paranoia_level=${value}"\n`
  const rule = 'SecRule TX:blocking_paranoia_level|TX:detection_paranoia_level "@eq 3" "id:2,phase:1,deny,log"\n'
  files({ 'paranoid/crs-setup.conf': level(1), 'paranoid/rules/a.conf': rule })
  const use = join(folder, 'paranoid')
  assert.equal(judge({ use }).stop, null)
  assert.equal(judge({ use, paranoia: 3 }).matches.length, 2)
})

test('rules of a file are loaded with what they name beside them, and before and after around', () => {
  const [use = '', before = '', afterwards = ''] = files({
    'own/rules.conf': 'SecRule ARGS "@pmFromFile words.data" "id:2,phase:1,pass,log"\nInclude more-*.conf\n',
    'own/before.conf': says(1),
    'own/after.conf': 'SecRuleRemoveById 4\n',
    'own/words.data': 'evil\n',
    'own/more-a.conf': says(3),
    'own/more-b.conf': says(4),
  })
  assert.deepEqual(judge({ use, before: [before], after: [afterwards] }).rules, [1, 2, 3])
})

const broken: readonly { why: string; use: string; says: RegExp }[] = [
  { why: 'a file that is not there', use: join(folder, 'none.conf'), says: /^cannot read .*none\.conf: ENOENT$/ },
  {
    why: 'a directory that is no release',
    use: tmpdir(),
    says: /is no unpacked CRS release: it needs rules\/\*\.conf/,
  },
]
for (const { why, use, says } of broken) {
  test(`${why} is said in a sentence`, () => assert.throws(() => loadRuleSet({ ...plain, use }), { message: says }))
}

test('a rule that cannot be used is told by file, line and column', () => {
  const [use = ''] = files({ 'broken.conf': '# fine\nSecRule ARGS "@nonsense x" "id:1,deny"\n' })
  assert.throws(
    () => loadRuleSet({ ...plain, use }),
    (error) => error instanceof SecLangError && error.message.startsWith(`${use}:2:`),
  )
})

test('what deserves a look is a warning', () => {
  const [use = ''] = files({ 'warned.conf': 'SecRuleRemoveById 12345\n' })
  const { warnings } = loadRuleSet({ ...plain, use })
  assert.deepEqual([warnings.length, warnings[0]?.at?.file], [1, use])
})
