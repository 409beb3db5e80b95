import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { normalisePath } from './normalise-path.ts'
import { normalisePathWin } from './normalise-path-win.ts'
import { checkRows } from './rows.ts'

checkRows(normalisePath, [
  ['/a/b.c/d', '/a/b.c/d', 'a plain path stays'],
  ['/a/.hidden/..b/c..', '/a/.hidden/..b/c..', 'names with dots stay'],
  ['/a/../../etc/./passwd', '/etc/passwd', 'above the root is nothing'],
  ['a//b///c//', 'a/b/c/', 'slashes become one'],
  ['a/../../../b', '../../b', 'a relative path may lead out'],
  ['../a/../../b/..', '../..', 'what leads out stays'],
  ['/a/..', '', 'without a slash at the end not even the root is left'],
  ['/a/../', '/', 'with one it is'],
  ['a/./../', '', 'nothing is left of a relative path'],
  ['./..', '..', 'self references go'],
  ['/', '/', 'the root stays'],
  ['a\\..\\b', 'a\\..\\b', 'backslashes are names here'],
])

checkRows(normalisePathWin, [
  ['\\a\\..\\b', '/b', 'backslashes part segments'],
  ['a/.\\..//b', 'b', 'both slashes mix'],
  ['a\\b', 'a/b', 'backslashes become slashes in a plain path too'],
])

const path = fc.array(fc.constantFrom('a', 'bc', '.', '..', '', '...', '/')).map((parts) => parts.join('/'))

test('normalisePath: a normal path is not changed again, and has no empty or self segment', () => {
  fc.assert(
    fc.property(path, (value) => {
      const once = normalisePath.apply(value)
      assert.equal(normalisePath.apply(once), once)
      assert.doesNotMatch(once, /\/\/|(^|\/)\.(\/|$)/)
    }),
  )
})

test('normalisePath: agrees with the URL standard on absolute paths', () => {
  fc.assert(
    fc.property(path, (value) => {
      const merged = `/${value}/`.replaceAll(/\/+/g, '/')
      assert.equal(normalisePath.apply(`/${value}/`), new URL(merged, 'http://a.example').pathname)
    }),
  )
})
