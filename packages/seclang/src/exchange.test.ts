import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { requestBodyBytesMax, valuesMax } from './bounds.ts'
import { Exchange, type Header, type RequestHead } from './exchange.ts'
import { compile } from './index.ts'

const peer = { address: '192.0.2.1', port: 1 }

function exchange(head: Partial<RequestHead> = {}): Exchange {
  return new Exchange({
    client: peer,
    server: peer,
    method: 'GET',
    target: '/',
    protocol: 'HTTP/1.1',
    headers: [],
    ...head,
  })
}

test('a target is taken apart as the servers behind do, in every form', () => {
  const rows: readonly (readonly [target: string, uri: string, path: string, query: string, basename: string])[] = [
    ['/a/b.php?x=1?y', '/a/b.php?x=1?y', '/a/b.php', 'x=1?y', 'b.php'],
    ['/%2e%2E/a%2fb', '/%2e%2E/a%2fb', '/../a/b', '', 'b'],
    ['/a+b%20c%zz%4', '/a+b%20c%zz%4', '/a+b c%zz%4', '', 'a+b c%zz%4'],
    ['/a%3fb?c', '/a%3fb?c', '/a?b', 'c', 'a?b'],
    ['/a%5Cb', '/a%5Cb', '/a\\b', '', 'b'],
    ['http://a.test/p?q', '/p?q', '/p', 'q', 'p'],
    ['HTTPS://a.test', '/', '/', '', ''],
    ['http://a.test?q', '/?q', '/', 'q', ''],
    ['http://a.test#f', '/#f', '/#f', '', '#f'],
    ['//a.test/p', '//a.test/p', '//a.test/p', '', 'p'],
    ['/redirect?to=http://b.test/', '/redirect?to=http://b.test/', '/redirect', 'to=http://b.test/', 'redirect'],
    ['1http://a', '1http://a', '1http://a', '', 'a'],
    ['*', '*', '*', '', '*'],
    ['a.test:443', 'a.test:443', 'a.test:443', '', 'a.test:443'],
    ['', '', '', '', ''],
    ['/a#b?c', '/a#b?c', '/a#b', 'c', 'a#b'],
  ]
  for (const [target, uri, path, query, basename] of rows) {
    const one = exchange({ target })
    const read = [one.uriRaw, one.uri, one.filename, one.queryString, one.basename].map(({ text }) => text)
    assert.deepEqual(read, [target, uri, path, query, basename], target)
  }
})

test('a percent-encoded path of any bytes is what it was', () => {
  const byte = fc.integer({ min: 0, max: 0xff }).map((code) => String.fromCharCode(code))
  const hex = (character: string): string => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  fc.assert(
    fc.property(fc.string({ unit: byte }), (path) => {
      assert.equal(exchange({ target: `/${[...path].map(hex).join('')}` }).filename.text, `/${path}`)
    }),
  )
})

test('a request line that was none is kept, another is put together', () => {
  assert.equal(exchange({ method: 'POST', target: '/x' }).requestLine.text, 'POST /x HTTP/1.1')
  assert.equal(exchange({ requestLine: 'GET /x' }).requestLine.text, 'GET /x')
})

test('characters above a byte, which only a caller can give, become their UTF-8 bytes', () => {
  const one = exchange({ target: '/?a=\u20ac', method: 'G\u00c9T', headers: [['x-\u20ac', '\u20ac']] })
  assert.equal(one.queryArguments[0]?.value.text, '\xe2\x82\xac')
  assert.equal(one.method.text, 'G\xc9T')
  assert.deepEqual([one.headers[0]?.key, one.headers[0]?.value.text], ['x-\xe2\x82\xac', '\xe2\x82\xac'])
})

test('headers are found in any case, the first of several', () => {
  const one = exchange({
    headers: [
      ['HOST', 'a'],
      ['host', 'b'],
      ['__proto__', 'c'],
    ],
  })
  assert.deepEqual(
    [one.header('host'), one.header('none'), one.header('constructor'), one.header('__proto__')],
    ['a', '', '', 'c'],
  )
  assert.equal(one.responseHeader('host'), '')
  one.receiveResponse({ status: 200, protocol: 'HTTP/1.1', headers: [['X-A', '1']] })
  assert.equal(one.responseHeader('x-a'), '1')
})

test('a body is parsed once for each processor, and not at all where it is empty or nobody reads it', () => {
  const one = exchange({ headers: [['Content-Type', 'application/json']] })
  assert.equal(one.defaultProcessor, 'JSON')
  assert.equal(one.parsedBody('JSON'), null)
  one.receiveBody(Buffer.from('{"a":1}'))
  assert.equal(one.parsedBody(null), null)
  assert.equal(one.parsedBody('JSON'), one.parsedBody('JSON'))
  assert.notEqual(one.parsedBody('JSON'), one.parsedBody('URLENCODED'))
})

test('what is remembered of an empty body ends with its exchange', () => {
  // Rule sets leave their scans on a value: one shared by all exchanges would keep every rule set ever loaded.
  assert.notEqual(exchange().responseBody, exchange().responseBody)
  assert.notEqual(exchange().requestBody, exchange().requestBody)
})

test('the bytes of a part of a larger buffer are taken, and no others', () => {
  const one = exchange()
  one.receiveBody(new Uint8Array(Buffer.from('xxabcxx')).subarray(2, 5))
  one.receiveResponseBody(new Uint8Array(Buffer.from('xxdefxx')).subarray(2, 5))
  assert.deepEqual([one.requestBody.text, one.responseBody.text], ['abc', 'def'])
})

test('each bound lets its number pass, and refuses one more with 413', () => {
  const argumentsOf = (count: number): string => Array.from({ length: count }, () => 'a').join('&')
  const headersOf = (count: number): readonly Header[] => Array.from({ length: count }, () => ['a', 'b'] as const)
  const form: readonly Header[] = [['Content-Type', 'application/x-www-form-urlencoded']]
  const body = (count: number): Exchange => {
    const one = exchange({ target: '/?q', headers: form })
    one.receiveBody(Buffer.from(argumentsOf(count)))
    one.parsedBody(one.defaultProcessor)
    return one
  }
  const bytes = (count: number): Exchange => {
    const one = exchange()
    one.receiveBody(Buffer.alloc(count))
    return one
  }
  const cookies = (count: number): Exchange => {
    const one = exchange({ headers: [['Cookie', argumentsOf(count).replaceAll('&', ';')]] })
    assert.ok(one.cookies.length <= valuesMax)
    return one
  }
  const rows: readonly (readonly [bound: number, make: (count: number) => Exchange])[] = [
    [valuesMax, (count) => exchange({ target: `/?${argumentsOf(count)}` })],
    [valuesMax, (count) => exchange({ headers: headersOf(count) })],
    [valuesMax - 1, body],
    [valuesMax, cookies],
    [requestBodyBytesMax, bytes],
  ]
  for (const [bound, make] of rows) {
    assert.equal(make(bound).refusal, null, `${make} at ${bound}`)
    assert.equal(make(bound + 1).refusal?.status, 413, `${make} over ${bound}`)
  }
  assert.equal(bytes(requestBodyBytesMax + 1).requestBody.text, '')
})

test('the first refusal is the one that stays', () => {
  const one = exchange({ target: `/?${'a&'.repeat(valuesMax + 1)}` })
  one.receiveBody(Buffer.alloc(requestBodyBytesMax + 1))
  assert.equal(one.refusal?.reason, 'more arguments than bounds.valuesMax')
})

test('the beginning of a body is judged for what it is: a parser that meets its end has no error, and INBOUND_DATA_ERROR is 1', () => {
  const one = exchange({ headers: [['Content-Type', 'application/json']] })
  one.receiveBodyBeginning(Buffer.from('{"a":"eva'))
  assert.deepEqual([one.requestBodyIsCut, one.refusal], [true, null])
  const body = one.parsedBody('JSON')
  assert.deepEqual([body?.args, body?.error], [[{ name: 'json.a', value: 'eva' }], null])
  const rules =
    'SecRule REQBODY_ERROR "!@eq 0" "id:1,phase:2,deny"\nSecRule INBOUND_DATA_ERROR "@eq 1" "id:2,phase:2,pass,log"'
  const { ruleSet } = compile([{ file: 'x', text: rules }], { readFile: () => assert.fail('no file is named') })
  const transaction = ruleSet.begin(one)
  transaction.requestHeaders()
  assert.equal(transaction.requestBody(), null)
  assert.deepEqual([...transaction.matchedRules], [2])
})
