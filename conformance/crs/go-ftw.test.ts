import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readFtwFile } from './go-ftw.ts'

function inputOf(lines: readonly string[]) {
  const yaml = `rule_id: 1\ntests:\n  - stages:\n      - input:\n${lines.map((line) => `          ${line}\n`).join('')}`
  return readFtwFile(yaml, 'x.yaml')[0]?.stages[0]?.input
}

function outputOf(flow: string) {
  return readFtwFile(`rule_id: 1\ntests: [{ test_id: 7, stages: [{ output: ${flow} }] }]`, 'x.yaml')[0]?.stages[0]
    ?.output
}

test('fields that are left out have the documented defaults', () => {
  assert.deepEqual(inputOf(['port: 80']), {
    method: 'GET',
    uri: '/',
    version: 'HTTP/1.1',
    headers: [],
    data: '',
    autocompleteHeaders: true,
    encodedRequest: null,
  })
  assert.deepEqual(outputOf('{}'), {
    status: null,
    expectIds: [],
    noExpectIds: [],
    matchRegex: null,
    noMatchRegex: null,
    expectError: false,
    retryOnce: false,
  })
})

test('an empty field is empty, not left out', () => {
  const input = inputOf(['version: ""', 'method: ""', 'uri: ""', 'headers: { Host: "", Accept: }'])
  assert.equal(`${input?.method}|${input?.uri}|${input?.version}`, '||')
  assert.deepEqual(input?.headers, [
    ['Accept', ''],
    ['Host', ''],
  ])
})

test('headers are sorted by their bytes, and a number is the text that stands there', () => {
  const input = inputOf(['headers: { b: x, Content-Length: 007, B: 1.0, A: yes }'])
  assert.deepEqual(input?.headers, [
    ['A', 'yes'],
    ['B', '1.0'],
    ['Content-Length', '007'],
    ['b', 'x'],
  ])
})

test('text becomes its UTF-8 bytes, an encoded request and encoded data the bytes they stand for', () => {
  assert.equal(inputOf(['data: "é\\xe9"'])?.data, '\xc3\xa9\xc3\xa9')
  assert.equal(inputOf(['uri: "/€"'])?.uri, '/\xe2\x82\xac')
  assert.equal(inputOf([`encoded_request: ${btoa('A \xff')}`])?.encodedRequest, 'A \xff')
  assert.equal(inputOf([`encoded_data: ${btoa('\x00\xff')}`])?.data, '\x00\xff')
})

test('a block of data keeps its lines; the repeat template is run, another one is refused', () => {
  assert.equal(inputOf(['data: |', '  one', '  two'])?.data, 'one\ntwo\n')
  assert.equal(inputOf([`data: 'a={{ "xy" | repeat 3 }}!'`])?.data, 'a=xyxyxy!')
  assert.throws(() => inputOf([`data: '{{ env "HOME" }}'`]), /1-1: a template/)
})

test('expectations are read as what they are', () => {
  const output = outputOf('{ status: 200, retry_once: true, log: { expect_ids: [5, 6], no_match_regex: "a\\\\[b" } }')
  assert.equal(output?.status, 200)
  assert.equal(output?.retryOnce, true)
  assert.deepEqual(output?.expectIds, [5, 6])
  assert.equal(output?.noMatchRegex, 'a\\[b')
  assert.equal(outputOf('{ expect_error: true }')?.expectError, true)
})

test('a test has the id of its rule and its number, from the file where it says none', () => {
  const ids = (yaml: string, name: string) => readFtwFile(yaml, name).map(({ id }) => id)
  assert.deepEqual(ids('rule_id: 920100\ntests: [{ test_id: 4 }, {}]', 'x.yaml'), ['920100-4', '920100-2'])
  assert.deepEqual(ids('tests: [{}]', 'tests/941380.yaml'), ['941380-1'])
})

test('a file of comments has no tests', () => {
  assert.deepEqual(readFtwFile('---\n# nothing yet\n', 'x.yaml'), [])
})

test('a field that nobody knows is refused with the name of the test', () => {
  assert.throws(() => inputOf(['save_cookie: true']), /1-1: unknown field "save_cookie"/)
  assert.throws(() => outputOf('{ log: { expect_id: 5 } }'), /1-7, log: unknown field "expect_id"/)
  assert.throws(() => readFtwFile('rule_id: 1\ntest: []', 'odd.yaml'), /odd\.yaml: unknown field "test"/)
  assert.throws(() => outputOf('{ log: { expect_ids: [x] } }'), /"x" is no rule id/)
})
