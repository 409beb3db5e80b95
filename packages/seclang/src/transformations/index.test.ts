import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { findTransformation, transformations } from './index.ts'
import type { Transformation } from './transformation.ts'

const all: readonly Transformation[] = Object.values(transformations)

/** One of each escape that some transformation reads; every prefix must be safe (CVE-2026-30923 read past such a one). */
const escapes = [
  '\\uff1c',
  '\\u{10ffff}',
  '\\x3c',
  '\\377',
  '\\00ff1c ',
  '\\\n',
  '%uff1c',
  '%3c',
  '&#x3c;',
  '&#60;',
  '&nbsp;',
  '&quot;',
  '0x4142',
  '/*a*/b',
  '<!--a-->',
  '--a',
  '\xf4\x8f\xbf\xbf',
  '\xef\xbc\x9c',
  '\xc3\xa9',
  '/../a/./b//',
  '\\..\\a\\.\\',
  ' a[b][ ]c',
  'QUJD==',
  ' \t^(',
  '"\'',
]

function latin1(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0xff) return false
  return true
}

function check(value: string): void {
  for (const { name, apply } of all) {
    const result = apply(value)
    if (!latin1(result)) assert.fail(`${name} of ${JSON.stringify(value)} is not bytes`)
  }
}

test('no transformation throws on any string of up to two bytes, or gives anything but bytes', () => {
  check('')
  for (let first = 0; first <= 0xff; first++) {
    check(String.fromCharCode(first))
    for (let second = 0; second <= 0xff; second++) check(String.fromCharCode(first, second))
  }
})

test('no transformation throws on an escape that is cut off anywhere, alone or doubled', () => {
  for (const sample of escapes) {
    for (let end = 0; end <= sample.length; end++) {
      const prefix = sample.slice(0, end)
      check(prefix)
      check(`a${prefix}`)
      check(sample + prefix)
      check(prefix + sample)
    }
  }
})

test('no transformation throws on any bytes, and none gives more than four bytes for one', () => {
  const piece = fc.oneof(
    fc.constantFrom(...escapes),
    fc.integer({ min: 0, max: 0xff }).map((code) => String.fromCharCode(code)),
  )
  const digestBytes = 20
  fc.assert(
    fc.property(fc.string({ unit: piece }), (value) => {
      check(value)
      for (const { name, apply } of all) {
        assert.ok(apply(value).length <= Math.max(value.length * 4, digestBytes), name)
      }
    }),
  )
})

test('a long run of any escape is work of one pass', () => {
  const bytes = 128 * 1024 // one step a pair of bytes would be 10^10 steps: the run would not end
  for (const sample of [...escapes, '/*', '<!--', '&', '[', '../', '/..', ' ', '#']) {
    check(sample.repeat(bytes / sample.length))
    check(`a[b/*${sample.slice(0, -1).repeat(bytes / sample.length)}`)
  }
})

test('a value that a transformation leaves alone comes back as it was', () => {
  const changesAll = new Set([
    'base64Encode',
    'base64Decode',
    'base64DecodeExt',
    'hexEncode',
    'hexDecode',
    'length',
    'md5',
    'sha1',
  ])
  const parity = new Set(['parityEven7bit', 'parityOdd7bit', 'uppercase'])
  for (const { name, apply } of all) {
    if (!changesAll.has(name) && !parity.has(name)) assert.equal(apply('order42'), 'order42', name)
  }
})

test('a result survives the next call, which uses the same buffer', () => {
  const first = transformations.urlDecode.apply('%41%42%43%44')
  transformations.urlDecode.apply('%61%62%63%64')
  assert.equal(first, 'ABCD')
})

test('a value longer than the shared buffer is transformed whole', () => {
  const value = '%41'.repeat(100_000)
  assert.equal(transformations.urlDecode.apply(value), 'A'.repeat(100_000))
})

test('names are found in any case and in both spellings; none and unknown names are not', () => {
  assert.equal(findTransformation('URLDECODEUNI'), transformations.urlDecodeUni)
  assert.equal(findTransformation('normalizePath'), transformations.normalisePath)
  assert.equal(findTransformation('normalizepathwin'), transformations.normalisePathWin)
  assert.equal(findTransformation('none'), undefined)
  assert.equal(findTransformation('toString'), undefined)
})

test('every file that holds a transformation has its row in the table, under its own name', () => {
  const folder = new URL('.', import.meta.url)
  const named = readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => [
      ...readFileSync(new URL(file, folder), 'utf8').matchAll(/^export const (\w+): Transformation</gm),
    ])
    .map((match) => match[1] ?? '')
  assert.deepEqual(named.sort(), Object.keys(transformations).sort())
  for (const [key, { name }] of Object.entries(transformations)) assert.equal(name, key)
})
