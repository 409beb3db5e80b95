import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  matchesMax,
  matchTextCharactersMax,
  matchValueCharactersMax,
  templateCharactersMax,
  variableNameCharactersMax,
} from './bounds.ts'
import { compileText, judge } from './cases/cases.fixture.ts'
import { Exchange, type Header } from './exchange.ts'
import { Transaction } from './transaction.ts'
import type { Variable } from './value.ts'

const peer = { address: '192.0.2.1', port: 1 }

function begin(rules: string, target = '/', headers: readonly Header[] = []): Transaction {
  const exchange = new Exchange({ client: peer, server: peer, method: 'GET', target, protocol: 'HTTP/1.1', headers })
  return new Transaction(compileText(rules).program, exchange)
}

const many = 10_000
const manyArguments = `/?${Array.from({ length: many }, (_, index) => `a${index}=v`).join('&')}`

test('ctl:ruleEngine=DetectionOnly turns what would follow into a detection, and On does not turn it back', () => {
  const { transaction } = judge(
    compileText(
      'SecAction "id:1,phase:1,pass,nolog,ctl:ruleEngine=DetectionOnly,ctl:ruleEngine=On"\nSecAction "id:2,phase:1,deny,status:404"\nSecAction "id:3,phase:1,drop"',
    ),
  )
  assert.equal(transaction.interruption, null)
  assert.deepEqual(transaction.detected, { kind: 'deny', ruleId: 2, status: 404, url: null })
  assert.deepEqual([...transaction.matchedRules], [2, 3])
})

test('an interruption is returned by the phase that it ends and by all behind it, but phase 5 runs', () => {
  const transaction = begin('SecAction "id:1,phase:1,deny"\nSecAction "id:2,phase:5,pass"')
  const stopped = transaction.requestHeaders()
  assert.equal(stopped?.ruleId, 1)
  assert.equal(transaction.requestBody(), stopped)
  assert.equal(transaction.responseHeaders(), stopped)
  assert.equal(transaction.responseBody(), stopped)
  transaction.finish()
  assert.deepEqual([...transaction.matchedRules], [1, 2])
})

test('the body of a response is wanted by its type, unless phase 4 has nothing to say', () => {
  const rules =
    'SecRule ARGS:x "@streq off" "id:1,phase:1,pass,ctl:responseBodyAccess=Off"\nSecRule ARGS:x "@streq allow" "id:2,phase:1,allow"\nSecRule ARGS:x "@streq deny" "id:3,phase:1,deny"'
  const rows: readonly (readonly [target: string, type: string | null, wanted: boolean])[] = [
    ['/', 'text/html', true],
    ['/', ' Text/HTML ; charset=x', true],
    ['/', 'image/png', false],
    ['/', 'text/htmlx', false],
    ['/', null, false],
    ['/', 'application/problem+json', true],
    ['/', 'application/vnd.example.v1+JSON;charset=utf-8', true],
    ['/', 'application/atom+xml', true],
    ['/', 'image/svg+xml', false],
    ['/', 'application/json-seq', false],
    ['/', 'text/event-stream', false],
    ['/?x=off', 'text/html', false],
    ['/?x=allow', 'text/html', false],
    ['/?x=deny', 'text/html', false],
  ]
  for (const [target, type, wanted] of rows) {
    const transaction = begin(rules, target)
    transaction.requestHeaders()
    const headers: readonly Header[] = type === null ? [] : [['Content-Type', type]]
    transaction.exchange.receiveResponse({ status: 200, protocol: 'HTTP/1.1', headers })
    assert.equal(transaction.wantsResponseBody(), wanted, `${target} ${type}`)
  }
})

test('@geoLookup fills GEO for the rules behind it', () => {
  const geo = (address: string) =>
    address === '198.51.100.7' ? { COUNTRY_CODE: 'CH', COUNTRY_NAME: 'Switzerland' } : null
  const rules =
    'SecRule REMOTE_ADDR "@geoLookup" "id:1,phase:1,pass,nolog,chain"\n  SecRule GEO:COUNTRY_CODE "@streq CH" "setvar:tx.name=%{geo.country_name}"\nSecRule &GEO "@eq 0" "id:2,phase:1,pass"'
  const compiled = compileText(rules, { geo })
  const known = judge(compiled).transaction
  assert.deepEqual([known.readTx('name'), [...known.matchedRules]], ['Switzerland', []])
  const unknown = judge(compiled, { address: '192.0.2.9' }).transaction
  assert.deepEqual([unknown.readTx('name'), [...unknown.matchedRules]], [undefined, [2]])
})

test('matches are bounded in number and length, while rules go on counting', () => {
  const rules = `SecRule ARGS "@rx ." "id:1,phase:1,pass,setvar:tx.n=+1,msg:'m%{MATCHED_VAR}',logdata:'%{REQUEST_URI}%{REQUEST_URI}'"`
  const { transaction } = judge(compileText(rules), {
    target: `/?x=${'v'.repeat(5_000)}&${manyArguments.slice(2, 50_000)}`,
  })
  assert.equal(transaction.matches.length, matchesMax)
  assert.ok(Number(transaction.readTx('n')) > matchesMax)
  const [first] = transaction.matches
  assert.deepEqual(
    [first?.value.length, first?.message.length, first?.data.length],
    [matchValueCharactersMax, matchTextCharactersMax, matchTextCharactersMax],
  )
})

test('ten thousand arguments that each take the same target out leave one exclusion to ask', () => {
  const { program } = compileText('SecRule ARGS "@rx ." "id:1,phase:2,pass,nolog,setvar:tx.n=+1"')
  const head = { client: peer, server: peer, method: 'GET', target: manyArguments, protocol: 'HTTP/1.1', headers: [] }
  const transaction = new Transaction(program, new Exchange(head))
  let asked = 0
  const exclusion = (variable: Variable): boolean => {
    asked++
    return variable.key !== 'a7'
  }
  for (let time = 0; time < many; time++) transaction.removeTargets([program.ruleCount - 1], exclusion)
  transaction.requestHeaders()
  transaction.requestBody()
  assert.equal(transaction.readTx('n'), 1)
  assert.equal(asked, many)
})

test('the same by a rule: what ctl takes out for each of ten thousand matches is taken out once', () => {
  const rules =
    'SecRule ARGS "@rx ." "id:1,phase:1,pass,nolog,ctl:ruleRemoveTargetById=2;ARGS:/^a[1-9]/"\nSecRule ARGS "@rx ." "id:2,phase:1,pass,nolog,setvar:tx.n=+1"'
  assert.equal(judge(compileText(rules), { target: manyArguments }).transaction.readTx('n'), 1)
})

test('a chain sees ten thousand matches as MATCHED_VARS, and runs its next link once over them', () => {
  const rules =
    'SecRule ARGS "@rx ." "id:1,phase:1,pass,chain"\n  SecRule &MATCHED_VARS "@eq 10000" "setvar:tx.times=+1,chain"\n  SecRule MATCHED_VARS_NAMES "@rx ^ARGS" "setvar:tx.names=+1"'
  const { transaction } = judge(compileText(rules), { target: manyArguments })
  assert.deepEqual([transaction.readTx('times'), transaction.readTx('names')], [1, many])
  assert.equal(transaction.matches.length, 1)
})

test('ten thousand names made at run time are found by an expression, in one pass for each rule', () => {
  const rules =
    'SecRule ARGS "@rx ." "id:1,phase:1,pass,nolog,setvar:tx.n_%{MATCHED_VAR_NAME}=+1"\nSecRule &TX:/^n_args:a/ "@eq 10000" "id:2,phase:1,pass"'
  assert.deepEqual([...judge(compileText(rules), { target: manyArguments }).transaction.matchedRules], [2])
})

test('a variable that doubles itself with each match ends at its bound', () => {
  const rules =
    'SecRule ARGS "@rx ." "id:1,phase:1,pass,nolog,setvar:tx.x=%{tx.x}%{tx.x}v,setvar:tx.y=v%{tx.y}%{tx.y},setvar:tx.%{tx.x}=1"'
  const { transaction } = judge(compileText(rules), { target: manyArguments })
  for (const name of ['x', 'y']) assert.ok(String(transaction.readTx(name)).length <= templateCharactersMax, name)
  for (const [name] of transaction.tx.entries()) assert.ok(name.length <= variableNameCharactersMax)
})

test('a macro that reads an argument for each of ten thousand matches looks it up once a phase', () => {
  const rules =
    'SecRule ARGS "@rx ." "id:1,phase:1,pass,nolog,setvar:tx.m_%{MATCHED_VAR_NAME}=%{ARGS.a9999}%{ARGS.none}%{REQUEST_HEADERS.host}"'
  const transaction = begin(rules, manyArguments)
  const { queryArguments } = transaction.exchange
  let reads = 0
  Object.defineProperty(transaction.exchange, 'queryArguments', {
    get: () => {
      reads++
      return queryArguments
    },
  })
  transaction.requestHeaders()
  assert.equal(transaction.readTx('m_args:a5'), 'v')
  assert.ok(reads <= 2, String(reads))
})

test('several values of a rule are read before any of its effects: none of them meets what the rule changes', () => {
  const rules =
    'SecAction "id:1,phase:1,pass,nolog,setvar:tx.a=1,setvar:tx.b=1"\nSecRule TX:a|TX:b "@eq 1" "id:2,phase:1,pass,nolog,setvar:tx.b=2,setvar:tx.n=+1"'
  assert.equal(judge(compileText(rules)).transaction.readTx('n'), 2)
})

test('phases may be left out but not come back, and nothing is logged of a transaction that never began', () => {
  const rules = 'SecAction "id:1,phase:1,pass"\nSecAction "id:4,phase:4,pass"\nSecAction "id:5,phase:5,pass"'
  const some = begin(rules)
  some.requestHeaders()
  some.responseBody()
  assert.throws(() => some.requestBody(), new TypeError('phase 2 does not follow phase 4 of a transaction'))
  some.finish()
  assert.throws(() => some.finish(), TypeError)
  assert.deepEqual([...some.matchedRules], [1, 4, 5])
  const none = begin(rules)
  assert.throws(() => none.requestBody(), new TypeError('phase 2 does not follow phase 0 of a transaction'))
  none.finish()
  assert.deepEqual([...none.matchedRules], [])
})
