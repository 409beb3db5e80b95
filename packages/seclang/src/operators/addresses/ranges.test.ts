import assert from 'node:assert/strict'
import { BlockList, isIP } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import { addressSet } from './ranges.ts'

const cases: readonly {
  readonly blocks: string
  readonly inside: readonly string[]
  readonly outside: readonly string[]
}[] = [
  { blocks: '127.0.0.1,::1', inside: ['127.0.0.1', '::1', '0:0:0:0:0:0:0:1'], outside: ['127.0.0.2', '::2', '::'] },
  {
    blocks: ' 10.0.0.0/8 , 192.0.2.1 ',
    inside: ['10.255.255.255', '192.0.2.1'],
    outside: ['11.0.0.0', '9.255.255.255'],
  },
  { blocks: '10.1.2.3/8', inside: ['10.0.0.0'], outside: ['11.1.2.3'] },
  { blocks: '0.0.0.0/0', inside: ['255.255.255.255', '0.0.0.0', '::ffff:1.2.3.4'], outside: ['::1', '2001:db8::1'] },
  { blocks: '::/0', inside: ['::1', 'ffff::', '::ffff:1.2.3.4'], outside: ['1.2.3.4'] },
  { blocks: '203.0.113.0/24', inside: ['::ffff:203.0.113.9', '::FFFF:cb00:7109'], outside: ['::203.0.113.9'] },
  { blocks: '::ffff:203.0.113.0/120', inside: ['203.0.113.9', '::ffff:203.0.113.9'], outside: ['203.0.114.9'] },
  {
    blocks: '2001:db8::/32',
    inside: ['2001:DB8:ffff::'],
    outside: ['2001:db9::', '2001:db7:ffff:ffff:ffff:ffff:ffff:ffff'],
  },
  // Neighbours and overlaps become one range.
  {
    blocks: '10.0.0.0/25,10.0.0.128/25,10.0.0.64/26,10.0.1.0/24',
    inside: ['10.0.0.0', '10.0.1.255'],
    outside: ['10.0.2.0'],
  },
  {
    blocks: '::1',
    inside: [],
    outside: ['', ':', '::1 ', ':::1', '1::2::3', '::1%eth0', '::1/128', '[::1]', '1:', '::g', '00001::'],
  },
  {
    blocks: '0.0.0.0/0',
    inside: [],
    outside: ['1.2.3', '1.2.3.4.5', '1.2.3.256', '01.2.3.4', '1.2.3.', '.1.2.3', '1..2.3', '0x1.2.3.4', '1.2.3.4\0'],
  },
  {
    blocks: '::/0',
    inside: ['1:2:3:4:5:6:7::', '::2:3:4:5:6:7:8', '1:2:3:4:5:6:1.2.3.4'],
    outside: [
      '1:2:3:4:5:6:7:8::',
      '1::2:3:4:5:6:7:8',
      '1:2:3:4:5:6:7:1.2.3.4',
      '1:2:3:4::5:6:7:1.2.3.4',
      '1:2:3:4:5:6:7:8:9',
      '::1.2.3',
      '1.2.3.4::',
    ],
  },
]

for (const { blocks, inside, outside } of cases) {
  test(`${blocks} holds ${inside.join(' ') || 'nothing'} of those and not ${outside.join(' ')}`, () => {
    const has = addressSet('ipMatch', blocks.split(','))
    for (const address of inside) assert.ok(has(address), address)
    for (const address of outside) assert.ok(!has(address), address)
  })
}

for (const block of [
  '',
  '10.0.0.0/33',
  '::/129',
  '10.0.0.0/',
  '10.0.0.0/-1',
  '10.0.0.0/8/8',
  '10.0.0',
  'example.com',
  '010.0.0.1',
]) {
  test(`the block "${block}" is refused with what to write instead`, () => {
    assert.throws(() => addressSet('ipMatch', [block]), { name: 'OperatorError', message: /^@ipMatch: .*write/ })
  })
}

// Addresses that are near each other, so that blocks do hold some of them.
const nearIpv4 = fc.tuple(fc.constantFrom(10, 11), fc.nat(3), fc.nat(1), fc.nat(255)).map((octets) => octets.join('.'))
const nearIpv6 = fc
  .array(fc.constantFrom('0', '1', 'ffff', 'Db8'), { minLength: 1, maxLength: 4 })
  .map((groups) => `2001::${groups.join(':')}`)

// From /3 on: Node lets a block so wide that it holds ::ffff:0:0/96 match plain IPv4 too, which ModSecurity does not.
test('it agrees with the block list of Node', () => {
  const block = fc.oneof(
    fc.record({ address: nearIpv4, bits: fc.integer({ min: 0, max: 32 }) }),
    fc.record({ address: nearIpv6, bits: fc.integer({ min: 3, max: 128 }) }),
  )
  fc.assert(
    fc.property(fc.array(block, { minLength: 1, maxLength: 6 }), fc.oneof(nearIpv4, nearIpv6), (blocks, address) => {
      const reference = new BlockList()
      for (const { address: base, bits } of blocks)
        reference.addSubnet(base, bits, base.includes(':') ? 'ipv6' : 'ipv4')
      const has = addressSet(
        'ipMatch',
        blocks.map(({ address: base, bits }) => `${base}/${bits}`),
      )
      assert.equal(has(address), reference.check(address, address.includes(':') ? 'ipv6' : 'ipv4'))
    }),
    { numRuns: 1_000 },
  )
})

test('it takes for an address exactly what Node takes for one, zones apart', () => {
  const has = addressSet('ipMatch', ['0.0.0.0/0', '::/0'])
  const pieces = fc.array(
    fc.constantFrom(':', '::', '.', '0', '1', '10', '255', '256', 'f', 'abcd', '12345', '1.2.3.4'),
    { maxLength: 16 },
  )
  fc.assert(
    fc.property(pieces, (parts) => {
      const text = parts.join('')
      assert.equal(has(text), isIP(text) !== 0, text)
    }),
    { numRuns: 5_000 },
  )
})
