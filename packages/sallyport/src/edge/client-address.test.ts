import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { clientAddress } from './client-address.ts'
import { trustOf } from './trusted-proxies.ts'

const trusts = trustOf([
  { family: 'ipv4', address: '10.0.0.0', prefix: 8 },
  { family: 'ipv6', address: '2001:db8::', prefix: 32 },
])
const rows: readonly { why: string; peer: string | null; fields: readonly string[]; expect: string | null }[] = [
  { why: 'a stranger’s field is not believed', peer: '203.0.113.9', fields: ['1.1.1.1'], expect: '203.0.113.9' },
  { why: 'a trusted proxy names the client', peer: '10.0.0.1', fields: ['203.0.113.9'], expect: '203.0.113.9' },
  {
    why: 'what the client invents stands on the left',
    peer: '10.0.0.1',
    fields: ['1.1.1.1, 203.0.113.9'],
    expect: '203.0.113.9',
  },
  {
    why: 'trusted proxies are passed over',
    peer: '10.0.0.1',
    fields: ['203.0.113.9, 10.2.2.2 , 2001:db8::7'],
    expect: '203.0.113.9',
  },
  { why: 'several fields are one list', peer: '10.0.0.1', fields: ['203.0.113.9', '10.2.2.2'], expect: '203.0.113.9' },
  { why: 'a port is left out', peer: '10.0.0.1', fields: ['203.0.113.9:4711'], expect: '203.0.113.9' },
  {
    why: 'IPv6 comes in brackets, with a port, or bare',
    peer: '10.0.0.1',
    fields: ['[2001:DB9::1]:4711'],
    expect: '2001:db9::1',
  },
  { why: 'IPv4 inside of IPv6 is IPv4', peer: '10.0.0.1', fields: ['::ffff:203.0.113.9'], expect: '203.0.113.9' },
  {
    why: 'a word that is no address ends the walk',
    peer: '10.0.0.1',
    fields: ['203.0.113.9, unknown, 10.2.2.2'],
    expect: '10.2.2.2',
  },
  { why: 'without the field the proxy is the client', peer: '10.0.0.1', fields: [], expect: '10.0.0.1' },
  { why: 'an empty field names nobody', peer: '10.0.0.1', fields: [''], expect: '10.0.0.1' },
  { why: 'a Unix socket’s peer is not trusted unless it is said', peer: null, fields: ['203.0.113.9'], expect: null },
]
for (const { why, peer, fields, expect } of rows) {
  test(`of X-Forwarded-For, ${why}`, () => {
    const headers = fields.flatMap((value) => ['X-Forwarded-For', value])
    assert.equal(clientAddress(peer, headers, trusts), expect)
  })
}

test('of X-Forwarded-For, a Unix socket that is trusted names the client', () => {
  assert.equal(clientAddress(null, ['x-forwarded-for', '203.0.113.9'], trustOf(['unix'])), '203.0.113.9')
})

test('whatever the field holds, the answer is an address, or the peer', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const address = clientAddress('10.0.0.1', ['X-Forwarded-For', value], trusts)
      assert.match(address ?? '', /^[\da-f:.]+$/)
    }),
  )
})
