import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodedReading, readTarget } from './target.ts'

const refused: readonly { why: string; target: string; method?: string }[] = [
  { why: 'nothing', target: '' },
  { why: 'a path without its slash', target: 'a' },
  { why: 'an authority', target: 'a:443' },
  { why: '* for another method than OPTIONS', target: '*' },
  { why: '* with more behind it', target: '*/a', method: 'OPTIONS' },
  { why: 'an absolute target of another host', target: 'http://b/a' },
  { why: 'an absolute target of another port', target: 'http://a:81/a' },
  { why: 'an absolute target with a user', target: 'http://a@b/a' },
  { why: 'an absolute target of another scheme', target: 'ftp://a/a' },
  { why: 'an absolute target with an ambiguous path', target: 'http://a//b' },
  { why: 'an absolute target without an authority', target: 'http:///a' },
  { why: 'a byte over ASCII, as HTTP/2 may bring it', target: '/a\xff' },
  { why: 'a byte over ASCII in the query', target: '/a?\xe9' },
  { why: 'a space', target: '/a b' },
  { why: 'a control character in the query', target: '/a?\r\n' },
  { why: 'a fragment', target: '/a#b' },
  { why: 'a fragment behind the query', target: '/a?b#c' },
  { why: 'a path that looks like a host', target: '//admin' },
  { why: 'an empty segment', target: '/a//b' },
  { why: 'a segment of one dot', target: '/./admin' },
  { why: 'a segment of one dot at the end', target: '/a/.' },
  { why: 'a segment of two dots', target: '/a/../admin' },
  { why: 'two dots at the end', target: '/a/..' },
  { why: 'encoded dots', target: '/a/%2e%2E/admin' },
  { why: 'a dot and an encoded one', target: '/a/.%2e/admin' },
  { why: 'dots between encoded slashes', target: '/a%2f..%2Fadmin' },
  { why: 'an encoded slash beside a slash', target: '/%2Fadmin' },
  { why: 'dots with a path parameter', target: '/a/..;/admin' },
  { why: 'dots with a long path parameter', target: '/a/..;v=1/admin' },
  { why: 'an empty segment with a path parameter', target: '/;v=1/admin' },
  { why: 'a backslash', target: '/a\\admin' },
  { why: 'an encoded backslash', target: '/a%5cadmin' },
  { why: 'NUL', target: '/a\0' },
  { why: 'an encoded NUL', target: '/a%00.png' },
  { why: 'an overlong slash', target: '/a%c0%afadmin' },
  { why: 'an overlong dot in three bytes', target: '/a%e0%80%ae' },
  { why: 'an overlong dot in four bytes', target: '/a%f0%80%80%ae' },
  { why: 'an escape of one digit', target: '/a%4' },
  { why: 'an escape of no digits', target: '/a%' },
  { why: 'an escape of other letters', target: '/a%zz' },
  { why: 'an escape as IIS had it', target: '/a%u002f' },
]
for (const { why, target, method } of refused) {
  test(`${why} has more than one reading`, () => assert.equal(readTarget(method ?? 'GET', target, 'a'), null))
}

const read: readonly { why: string; target: string; method?: string; forwarded?: string; path: string }[] = [
  { why: 'the root', target: '/', path: '/' },
  { why: 'a path with a slash at its end', target: '/a/', path: '/a/' },
  { why: 'a query is not the path', target: '/a?b=//../%', path: '/a' },
  { why: 'an encoded question mark belongs to the path (CVE-2024-1019)', target: '/a%3fb?c', path: '/a%3fb' },
  { why: 'names of dots that are no dot segments', target: '/.well-known/a../...', path: '/.well-known/a../...' },
  { why: 'an encoded slash inside a segment', target: '/branches/a%2Fb', path: '/branches/a%2Fb' },
  { why: 'a path parameter behind a name', target: '/a;v=1/b', path: '/a;v=1/b' },
  {
    why: 'UTF-8 as it should be',
    target: '/caf%c3%a9/%e2%82%ac/%f0%9f%98%80',
    path: '/caf%c3%a9/%e2%82%ac/%f0%9f%98%80',
  },
  { why: 'what only a second decoding would read, which rules judge', target: '/%252e%252e/', path: '/%252e%252e/' },
  { why: 'an absolute target of its own host', target: 'HTTP://A/b?c', forwarded: '/b?c', path: '/b' },
  { why: 'an absolute target without a path', target: 'https://a', forwarded: '/', path: '/' },
  { why: 'an absolute target with a query alone', target: 'https://a?b', forwarded: '/?b', path: '/' },
  { why: '* for OPTIONS', target: '*', method: 'OPTIONS', path: '*' },
]
for (const { why, target, method, forwarded, path } of read) {
  test(`one reading: ${why}`, () => {
    assert.deepEqual(readTarget(method ?? 'GET', target, 'a'), { target: forwarded ?? target, path })
  })
}

test('a path is decoded once, and without its parameters', () => {
  assert.equal(decodedReading('/%61dmin;v=1/a%2fb%2525'), '/admin/a/b%25')
  const plain = '/a/b'
  assert.equal(decodedReading(plain), plain)
})

test('whatever the target, it is read or refused, and what is read is a part of what was sent', () => {
  const piece = fc.constantFrom('/', '.', '%2e', '%2F', '%', '%00', ';', '\\', '?', '#', 'a', '\xff', 'http://a', '%c0')
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map((all) => all.join('')),
      ),
      (target) => {
        const found = readTarget('GET', target, 'a')
        if (found === null) return
        assert.ok(target.endsWith(found.target) || found.target === '/' || found.target.startsWith('/?'))
        assert.ok(found.path.startsWith('/') && found.target.startsWith(found.path))
        // No dot segment is left for `URL`, which decodes and removes them.
        assert.equal(new URL(found.path, 'http://a').pathname.split('/').length, found.path.split('/').length)
      },
    ),
  )
})
