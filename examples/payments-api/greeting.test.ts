import assert from 'node:assert/strict'
import { test } from 'node:test'
import { greeting } from './greeting.ts'

const setting = {
  url: 'https://127.0.0.1:8443',
  upstream: 'http://127.0.0.1:3000',
  certificate: "/it's here/cert.pem",
  organisation: 'org_a',
  key: 'k',
}

test('the greeting paints what to try by what will happen, and never a command, which is to be copied', () => {
  const lines = greeting(setting, (style, text) => `<${style}>${text}</>`).split('\n')
  assert.equal(lines.filter((line) => line.startsWith('<green># allowed')).length, 1)
  assert.equal(lines.filter((line) => line.startsWith('<red># refused')).length, 2)
  assert.ok(lines.filter((line) => line.startsWith('curl ')).every((line) => !line.includes('</>')))
})

test('a path with a quote and a space stays one word of the shell', () => {
  assert.ok(greeting(setting, (_, text) => text).includes(`--cacert '/it'\\''s here/cert.pem' -u org_a:k `))
})
