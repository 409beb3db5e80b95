import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CompileOptions, compile, Exchange, enableLinearFallback, SecLangError } from './index.ts'

const options: CompileOptions = {
  readFile: (path) => Buffer.from(path === 'a/words.data' ? 'evil' : 'SecAction "id:5,phase:1,pass"', 'latin1'),
  glob: (pattern, from) => [`${pattern} of ${from}`],
  mode: 'block',
}
const source = {
  file: 'a.conf',
  text: 'SecRule ARGS "@pmFromFile a/words.data" "id:1,phase:2,deny,status:406,msg:\'m\'"',
}
const head = {
  client: { address: '192.0.2.1', port: 1 },
  server: { address: '192.0.2.2', port: 443 },
  method: 'GET',
  target: '/?x=evil',
  protocol: 'HTTP/1.1',
  headers: [],
}

// The first test of the file: enabling is for the whole process and for good.
test('compile warns once where nobody has bounded the time of expressions', () => {
  const before = compile([source, { file: 'b.conf', text: 'SecRule ARGS "@rx a" "id:2"' }], options)
  assert.deepEqual(
    before.warnings.map(({ at, word }) => [at, word]),
    [[null, 'enableLinearFallback']],
  )
  enableLinearFallback()
  assert.deepEqual(compile([source], options).warnings, [])
})

test('two rule sets judge one exchange, each in a transaction of its own', () => {
  const [blocking, detecting] = (['block', 'detect'] as const).map(
    (mode) => compile([source], { ...options, mode }).ruleSet,
  )
  const exchange = new Exchange(head)
  const one = blocking?.begin(exchange)
  const other = detecting?.begin(exchange)
  assert.ok(one !== undefined && other !== undefined)
  assert.equal(one.requestHeaders(), null)
  assert.equal(other.requestHeaders(), null)
  const stopped = { kind: 'deny', ruleId: 1, status: 406, url: null }
  assert.deepEqual(one.requestBody(), stopped)
  assert.equal(other.requestBody(), null)
  assert.deepEqual(other.detected, stopped)
  assert.deepEqual(one.matches, other.matches)
  assert.deepEqual(one.matches, [
    { id: 1, phase: 2, severity: null, message: 'm', data: '', tags: [], variable: 'ARGS:x', value: 'evil' },
  ])
})

test('the default mode is block, and bodies that cannot be parsed are refused', () => {
  const { ruleSet } = compile([], { readFile: () => Buffer.alloc(0) })
  const exchange = new Exchange({ ...head, headers: [['Content-Type', 'application/json']] })
  const transaction = ruleSet.begin(exchange)
  transaction.requestHeaders()
  exchange.receiveBody(Buffer.from('{'))
  assert.equal(transaction.requestBody()?.status, 400)
})

test('Include reads by path or by pattern, relative to the file that names it', () => {
  const text = 'Include other.conf\nInclude *.conf'
  assert.throws(() => compile([{ file: 'a.conf', text }], options), /rule id 5 is taken by other.conf:1/)
  const { glob: _glob, ...without } = options
  assert.throws(
    () => compile([{ file: 'a.conf', text: 'Include *.conf' }], without),
    (error) =>
      error instanceof SecLangError && error.at.line === 1 && /no way to list files was given/.test(error.message),
  )
})

test('a rule set whose literals are too many for one automaton works without a prefilter', () => {
  // Phrases that share no beginning, over all the bytes above ASCII.
  const phrase = (rule: number, word: number): string =>
    String.fromCharCode(
      ...Array.from({ length: 24 }, (_, at) => 0x80 + ((rule * 37 + word * 11 + at * (1 + rule)) & 0x7f)),
    )
  const rules = Array.from({ length: 300 }, (_, rule) => {
    const words = Array.from({ length: 30 }, (_, word) => phrase(rule, word))
    return `SecRule ARGS "@pm ${words.join(' ')}" "id:${rule + 1},phase:2,deny"`
  })
  const { ruleSet, warnings } = compile([{ file: 'a.conf', text: rules.join('\n') }], options)
  assert.deepEqual(
    warnings.map(({ word }) => word),
    ['prefilter'],
  )
  const exchange = new Exchange({ ...head, target: `/?x=${phrase(7, 3)}` })
  const transaction = ruleSet.begin(exchange)
  transaction.requestHeaders()
  assert.equal(transaction.requestBody()?.ruleId, 8)
})

test('a rule set tells where each rule stands and what it says, included and folded rules too, and nothing of others', () => {
  const text = `# rules
SecRule ARGS "@rx a" "id:1,msg:'Found %{MATCHED_VAR} of %{TX.Score}'"
SecRule ARGS "@rx b" \\
  "id:2,phase:1,chain"
  SecRule ARGS "@rx c"
Include inner.conf`
  const { ruleSet } = compile([{ file: 'a.conf', text }], options)
  assert.deepEqual([1, 2, 5, 3].map(ruleSet.describe), [
    { file: 'a.conf', line: 2, phase: 2, message: 'Found %{matched_var} of %{tx.Score}' },
    { file: 'a.conf', line: 3, phase: 1, message: '' },
    { file: 'inner.conf', line: 1, phase: 1, message: '' },
    null,
  ])
})
