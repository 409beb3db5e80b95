import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { after, test } from 'node:test'
import { converse, type Recording } from './conversation.ts'
import { opcodes } from './frames.ts'
import { payloadScenarios } from './payload-scenarios.ts'
import { type Scenario, scenarios } from './scenarios.ts'
import { openWays, type Way } from './ways.ts'

const ways = await openWays()
after(() => ways[Symbol.asyncDispose]())

interface Played extends Recording {
  readonly heard: readonly string[]
}

let conversations = 0

async function play(scenario: Scenario, way: Way): Promise<Played> {
  const id = String(conversations++)
  const path = `${scenario.path ?? '/echo'}?id=${id}`
  const recording = await converse(way.connect('peer'), { ...scenario, path })
  const heard = await ways.peer.heard(id)
  return { ...recording, head: normalised(recording.head), heard }
}

/** Names of fields have no case, and their order means nothing. */
function normalised(head: string): string {
  const [line = '', ...fields] = head.split('\r\n')
  return [line, ...fields.map((field) => field.replace(/^[^:]+/, (name) => name.toLowerCase())).sort()].join('\n')
}

/** What a row says of its recording, read from the lines of its frames. */
function outcomeOf({ frames }: Recording) {
  const of = (opcode: number): string[] => frames.filter((line) => line.startsWith(`${opcode} `))
  const [close] = of(opcodes.close)
  const payload = close?.split(' ').slice(5).join(' ') ?? ''
  return {
    echoes: of(opcodes.text).length + of(opcodes.binary).length,
    pongs: of(opcodes.pong).length,
    code: payload.length < 2 ? null : Buffer.from(payload, 'latin1').readUInt16BE(),
    closes: of(opcodes.close).length,
  }
}

for (const scenario of [...scenarios, ...payloadScenarios]) {
  test(`through the edge as without it: ${scenario.name}`, async () => {
    const direct = await play(scenario, ways.direct)
    const { echoes, code, pongs = 0 } = scenario
    assert.deepEqual(outcomeOf(direct), { echoes, pongs, code, closes: 1 })
    const through = await Promise.all(ways.throughEdge.map((way) => play(scenario, way)))
    for (const [i, one] of through.entries()) assert.deepEqual(one, direct, ways.throughEdge[i]?.name ?? '')
  })
}

const faults: readonly { name: string; damage: (upstream: Socket, client: Socket) => unknown }[] = [
  {
    name: 'changes a letter on its way back',
    damage: (upstream, client) =>
      upstream.on('data', (chunk) => client.write(chunk.toString('latin1').replace('hello', 'hullo'), 'latin1')),
  },
  {
    name: 'takes the last bit of a message away',
    damage: (upstream, client) =>
      upstream.on('data', (chunk) => client.write(chunk.toString('latin1').replace('\x8a\x05', '\x0a\x05'), 'latin1')),
  },
  {
    name: 'ends by a reset where an end was meant',
    damage: (upstream, client) =>
      upstream.on('data', (chunk) => client.write(chunk)).on('end', () => client.resetAndDestroy()),
  },
]
for (const { name, damage } of faults) {
  test(`a way that differs is noticed: one that ${name}`, async () => {
    const proxy = createServer((client) => {
      const upstream = connect(ways.peer.port, '127.0.0.1')
      for (const socket of [client, upstream]) socket.on('error', () => socket.destroy())
      client.pipe(upstream)
      damage(upstream, client)
      upstream.on('close', () => client.end())
    })
      .listen(0, '127.0.0.1')
      .unref()
    await once(proxy, 'listening')
    const { port } = proxy.address() as AddressInfo
    const scenario = scenarios.find((one) => one.name === 'a ping with text') ?? assert.fail('no such row')
    const bad: Way = { name: 'plain', connect: () => connect({ port, host: '127.0.0.1', allowHalfOpen: true }) }
    const [direct, through] = await Promise.all([play(scenario, ways.direct), play(scenario, bad)])
    assert.notDeepEqual(through, direct)
    proxy.close()
  })
}
