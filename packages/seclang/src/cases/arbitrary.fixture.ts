/** Requests of any bytes, and a rule set that reads them with everything there is. */

import fc from 'fast-check'
import type { Header } from '../exchange.ts'
import { type OperatorName, operators } from '../operators/index.ts'
import { transformations } from '../transformations/index.ts'
import { variableNames } from '../variables/index.ts'
import type { CaseRequest } from './cases.fixture.ts'

/** An argument for each operator; a new operator without a row does not compile. */
const argumentOf: Record<OperatorName, string> = {
  beginsWith: '%{ARGS.x}',
  contains: 'a',
  containsWord: 'script',
  detectSQLi: '',
  detectXSS: '',
  endsWith: '%{MATCHED_VAR}',
  eq: '1',
  ge: '%{tx.n}',
  geoLookup: '',
  gt: '100',
  ipMatch: '192.0.2.0/24,::1',
  ipMatchF: 'nets',
  ipMatchFromFile: 'nets',
  le: '0',
  lt: '-1',
  noMatch: '',
  pm: 'union select script',
  pmFromFile: 'words',
  pmf: 'words',
  rx: '(?i)(?:<(scr)ipt|(\\w+)\\s*=\\s*[^&]*?;|[\\x80-\\xff]{2})',
  rxGlobal: '([a-z])(\\d)?',
  streq: '%{ARGS.y}',
  strmatch: 'admin',
  unconditionalMatch: '',
  validateByteRange: '32-126,9,10,13',
  validateUrlEncoding: '',
  validateUtf8Encoding: '',
  verifyCC: '\\d{13,16}',
  verifyCPF: '[0-9.-]{11,14}',
  verifySSN: '\\d{9}',
  verifySVNR: '\\d{10}',
  within: '%{tx.list}',
}

/** Files that its operators name. */
export const everythingFiles: Readonly<Record<string, string>> = { nets: '198.51.100.0/24\n', words: 'passwd\nÿþ\n' }

const targets = variableNames.map((name) => (name === 'XML' ? 'XML:/*|XML://@*' : name)).join('|')
const transformationNames = Object.values(transformations).map(({ name }) => name)

/** A rule set that names every variable, operator and transformation, in every phase. Without their `id:N,phase:N,`. */
function everythingIn(phase: number): readonly string[] {
  const withOperators = Object.values(operators).map(({ name }, index) => {
    const chain = [0, 1, 2].map((step) => `t:${transformationNames[(index + step) % transformationNames.length]}`)
    const effects = `setvar:'tx.%{tx.0}=+1',setvar:'tx.list=%{tx.1} %{tx.0}',setvar:tx.n=+%{MATCHED_VAR}`
    const flags = index % 2 === 0 ? 'capture' : 'capture,multiMatch'
    const texts = "msg:'%{MATCHED_VAR_NAME}',logdata:'%{MATCHED_VAR} %{tx.1}'"
    return `SecRule ${targets} "@${name} ${argumentOf[name as OperatorName]}" "pass,${chain},${flags},${effects},${texts}"`
  })
  const withTransformations = transformationNames.map((name) => `SecRule ${targets} "!@rx ^$" "pass,nolog,t:${name}"`)
  const names = `"pass,nolog,setvar:'tx.%{MATCHED_VAR_NAME}=%{MATCHED_VAR}'"`
  return [
    ...(phase === 2 || phase === 4 ? withOperators : [`SecRule ${targets} "@rx (.)" "pass,capture"`]),
    ...(phase === 2 ? withTransformations : []),
    `SecAction "pass,nolog,initcol:global=%{ARGS.x},setvar:'global.%{ARGS.y}=%{REQUEST_URI}'"`,
    `SecAction "pass,nolog,setsid:%{REQUEST_COOKIES.s},expirevar:'global.%{ARGS.y}=%{ARGS.z}'"`,
    `SecRule ARGS|REQUEST_HEADERS|REQUEST_COOKIES "@rx ^" ${names}`,
    `SecRule &TX:/^a/|TX:/x/ "@gt 1" "pass,setvar:tx.n_%{tx.x}=1,chain"\n  SecRule MATCHED_VARS|MATCHED_VARS_NAMES "@rx %{ARGS.pattern}"`,
  ]
}

export function everythingRules(): string {
  return [1, 2, 3, 4, 5]
    .flatMap((phase) => everythingIn(phase).map((rule) => ({ phase, rule })))
    .map(({ phase, rule }, index) => rule.replace('"pass,', `"id:${index + 1},phase:${phase},pass,`))
    .join('\n')
}

const byte = fc.integer({ min: 0, max: 0xff }).map((code) => String.fromCharCode(code))
/** Bytes that parsers look for, and the words that attacks are made of. */
const token = fc.constantFrom(
  ...[
    '%',
    '%u',
    '%00',
    '+',
    '&',
    '=',
    ';',
    ',',
    '"',
    "'",
    '\\',
    '/',
    '../',
    '?',
    '#',
    ':',
    '<',
    '>',
    '{',
    '}',
    '[',
    ']',
    '\r\n',
  ],
  ...[
    '\0',
    '\xff\xfe',
    '\xc0\xaf',
    '<script>',
    "' or 1=1--",
    '/*',
    '*/',
    '--B',
    '--B--',
    '&#x3c',
    '\\u0041',
    '__proto__',
    'union select',
  ],
  ...[
    'constructor',
    'name="a"',
    'filename=',
    'Content-Disposition: form-data; ',
    '<!DOCTYPE a>',
    '<![CDATA[',
    '(a+)+$',
    '${jndi:',
    '4111111111111111',
  ],
)
const bytes = (maxLength: number): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof({ weight: 3, arbitrary: byte }, { weight: 2, arbitrary: token }), { maxLength })
    .map((pieces) => pieces.join(''))
/** A text of its kind, with some slices replaced, dropped or doubled. */
function mutated(...samples: readonly string[]): fc.Arbitrary<string> {
  const edit = fc.tuple(fc.nat({ max: 400 }), fc.nat({ max: 6 }), bytes(3))
  return fc.tuple(fc.constantFrom(...samples), fc.array(edit, { maxLength: 5 })).map(([sample, edits]) => {
    let text = sample
    for (const [place, drop, put] of edits) {
      const at = place % (text.length + 1)
      text = text.slice(0, at) + put + text.slice(at + drop)
    }
    return text
  })
}

const part = (name: string): string => `--B\r\nContent-Disposition: form-data; name="${name}"\r\n\r\nvalue\r\n`
const file =
  '--B\r\nContent-Disposition: form-data; name="f"; filename="a.php"\r\nContent-Type: text/plain\r\n\r\n<?php\r\n'
const bodies: Readonly<Record<string, readonly string[]>> = {
  'application/x-www-form-urlencoded': ['x=1&y=%41+b&pattern=a(b', 'a[]=1&a[]=2&__proto__=x'],
  'multipart/form-data; boundary=B': [`${part('x')}${file}--B--\r\n`, `${part('x')}${part('__proto__')}--B--`],
  'application/json': ['{"x":[1,{"y":"\\u00e9"}],"__proto__":null}', '[[[["a"]]]]', '"text"'],
  'text/xml': ['<?xml version="1.0"?><a x="1"><b>t</b><![CDATA[c]]></a>', '<a/>'],
  'text/plain': ['anything'],
}
const contentType = fc.constantFrom(...Object.keys(bodies))
const header: fc.Arbitrary<Header> = fc.tuple(
  fc.oneof(fc.constantFrom('Host', 'Cookie', 'Authorization', 'Content-Type', 'constructor', 'X-A'), bytes(6)),
  fc.oneof(bytes(12), mutated('s=1; a=%41; __proto__=x', 'Basic dTpw', 'a.test:8080')),
)
const headers = fc.array(header, { maxLength: 5 })
const withBody = contentType.chain((type) =>
  fc.record({
    type: fc.oneof({ weight: 4, arbitrary: fc.constant(type) }, { weight: 1, arbitrary: mutated(type) }),
    body: fc.oneof(mutated(...(bodies[type] as readonly string[])), bytes(60)),
  }),
)

/** Any bytes as every part of a request and of its response; most parts are near to what parsers expect. */
export const arbitraryRequest: fc.Arbitrary<CaseRequest> = fc
  .record({
    method: fc.oneof(fc.constantFrom('GET', 'POST'), bytes(6)),
    target: fc.oneof(
      mutated('/a/b.php?x=1&y=%41&pattern=(a', 'http://a.test/?x=1', '/%2e%2e/etc/passwd?a=<script>'),
      bytes(40),
    ),
    protocol: fc.oneof(fc.constantFrom('HTTP/1.1', 'HTTP/2'), bytes(6)),
    headers,
    content: fc.option(withBody),
    address: fc.oneof(fc.constantFrom('198.51.100.7', '::1'), bytes(5)),
    response: fc.record({
      status: fc.integer({ min: 0, max: 999 }),
      headers,
      body: fc.oneof(bytes(40), mutated('<html>ORA-00933: SQL command</html>')),
    }),
  })
  .map(({ content, ...request }) => {
    if (content === null) return request
    const { type, body } = content
    return { ...request, headers: [...request.headers, ['Content-Type', type] as const], body }
  })
