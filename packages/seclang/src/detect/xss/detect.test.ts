import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { detectXss } from './detect.ts'

const attacks: readonly (readonly [asks: string, value: string])[] = [
  ['a script tag', 'a<script>alert(1)</script>'],
  ['its case and NUL in it', '<ScR\0iPt>'],
  ['a prefix that names any namespace', '<x:script>'],
  ['a tag around a tag, for filters', '<scr<script>ipt>'],
  ['vector graphics', '<svg/onload=alert()'],
  ['a frame that is not closed', '<iframe src=//a.example'],
  ['an event of any element', '<img src=x onerror=alert(1)>'],
  ['an event that nobody has heard of', '<xss onbeforehellfreezes=aler%77(1)>'],
  ['an event behind a slash', '<a/onclick=b'],
  ['a style', '<p style="x:expression(1)">'],
  ['a script URL', '<a href="javascript:alert(1)">)'],
  ['a script URL in references', '<a href="&#x6a;ava&Tab;scrip&#116&colon;alert(1)">'],
  ['a script URL parted by line feeds', '<a href=" \x01java\nscr\tipt\r:alert(1)">'],
  ['a document in a URL', '<a href=data:text/html,x>'],
  ['a form that goes elsewhere', '<button formaction=vbscript:x>'],
  ['a namespace', '<x xmlns:y="http://www.w3.org/1999/xhtml">'],
  ['an animated event', '<set attributeName="onmouseover">'],
  ['a doctype', '<!DOCTYPE a [<!ENTITY b "c">]>'],
  ['an entity', '<!ENTITY a "b">'],
  ['a conditional comment', '<!--[if IE]>'],
  ['an instruction', '<?xml-stylesheet href="a"?>'],
  ['a comment that a back quote ends', '<!--`-->'],
  ['out of double quotes', '/get/"onmouseover=\'prompt(document.cookie)\'"'],
  ['out of single quotes', "' onfocus=alert(1) autofocus '"],
  ['out of back quotes', '`onclick=alert(1)'],
  ['into a tag', 'x onclick=alert(1)'],
  ['out of quotes and the tag', '"><script>'],
  ['out of an unquoted value and the tag', 'x><script>'],
]

for (const [asks, value] of attacks) test(`finds ${asks}`, () => assert.equal(detectXss(value), true))

const harmless: readonly (readonly [asks: string, value: string])[] = [
  ['nothing', ''],
  ['plain text', 'this is not an XSS'],
  ['arithmetic', 'if a<b and c>d then e=f'],
  ['short tags', '<b>bold</b> <br/> <p class="a">'],
  ['a link', '<a href="https://a.example/javascript:">'],
  ['a URL whose host begins like a scheme', '<img src="database.png">'],
  ['a scheme that runs nothing', '<a href="mailto:a@b.example">'],
  ['an attribute without a value', '<p onclick>'],
  ['a name that begins like an event', 'a on_behalf_of=acct_1'],
  ['names too short for an event', '"only"=1 "once"=2 "on"=3 ones=4'],
  ['a query string', 'to=a&from=b&href=c'],
  ['an end tag', '</script>'],
  ['base64', 'QUJD+/8=='],
  ['JSON', '{"to":"a","onward":"b=c"}'],
  ['a comment', '<!-- a -->'],
  ['the word for an event', 'set "onclick" to x=1'],
]

for (const [asks, value] of harmless) test(`lets ${asks} be`, () => assert.equal(detectXss(value), false))

const pieces = [
  '<',
  '<!--',
  '-',
  '<a ',
  '</',
  '>',
  '"',
  "'",
  '`',
  '=',
  '\0',
  '<![CDATA[',
  ']]',
  '<%',
  '<!a>',
  '<?>',
  '</ >',
  '<a b=`>',
  '-\0',
  'x=&#',
  ' ',
  '/',
  'a',
  '&#0',
  '&',
  '<p src=',
  'href="',
  '\xff',
] // every way into a state, and out of none

const readers = ['charCodeAt', 'charAt', 'indexOf', 'includes', 'startsWith', 'slice'] as const
const natives = Object.fromEntries(readers.map((name) => [name, String.prototype[name]])) as Pick<
  string,
  (typeof readers)[number]
>

/** How many bytes are looked at while `run` runs: each call of a reading method of strings is counted by what it has to read. */
function bytesRead(run: () => void): number {
  let bytes = 0
  const { charCodeAt, charAt, indexOf, includes, startsWith, slice } = natives
  const meters: Partial<Record<keyof typeof natives, (this: string, ...given: never[]) => unknown>> = {
    charCodeAt(this: string, at: number): number {
      bytes++
      return charCodeAt.call(this, at)
    },
    charAt(this: string, at: number): string {
      bytes++
      return charAt.call(this, at)
    },
    indexOf(this: string, text: string, from = 0): number {
      const found = indexOf.call(this, text, from)
      bytes += (found < 0 ? this.length : found + text.length) - from
      return found
    },
    includes(this: string, text: string): boolean {
      const found = indexOf.call(this, text)
      bytes += found < 0 ? this.length : found + text.length
      return includes.call(this, text)
    },
    startsWith(this: string, text: string, from = 0): boolean {
      bytes += text.length
      return startsWith.call(this, text, from)
    },
    slice(this: string, start: number, end?: number): string {
      const part = slice.call(this, start, end)
      bytes += part.length
      return part
    },
  }
  Object.assign(String.prototype, meters)
  try {
    run()
  } finally {
    Object.assign(String.prototype, natives)
  }
  return bytes
}

test('however the markup repeats, each byte is read a few times only', () => {
  const bytes = 4096
  const readsPerByteMax = 64 // five contexts, some ten reads each for the shortest tokens; a quadratic step makes it thousands
  for (const first of pieces) {
    for (const second of pieces) {
      const run = (first + second).repeat(bytes / (first.length + second.length))
      for (const value of [run, `<p src="${run}`, `<!--${run}=`, `'"\`=<p ${run}`]) {
        const reads = bytesRead(() => detectXss(value)) / value.length
        assert.ok(reads <= readsPerByteMax, `${JSON.stringify(value.slice(0, 20))}: ${reads} reads a byte`)
      }
    }
  }
})

test('no bytes make it throw', () => {
  const byte = fc.integer({ min: 0, max: 0xff }).map((code) => String.fromCharCode(code))
  fc.assert(
    fc.property(
      fc.string({ unit: fc.oneof(byte, fc.constantFrom(...pieces)) }),
      (value) => typeof detectXss(value) === 'boolean',
    ),
  )
})

test('text before a tag does not hide it, nor does anything behind', () => {
  const text = fc.string({ unit: fc.constantFrom('a', ' ', '"', "'", '=', '>', '/', '-', '\0', '\xff') })
  fc.assert(fc.property(text, text, (before, behind) => detectXss(`${before}<script>${behind}`)))
})
