/** What forwarding costs without rules: processor time a request of the edge, beside nginx's, over real sockets. Requests a second would say
 *  how fast the load is made; processor time is the forwarder's own. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  cpuMicros,
  type Forwarder,
  otherCore,
  pairOf,
  pin,
  startEdge,
  startNginxProxy,
  startUpstream,
} from './forwarders.ts'
import { table } from './table.ts'

export interface ForwardFigures {
  readonly forwarder: string
  readonly request: string
  /** Processor time a request, of each round. */
  readonly micros: readonly number[]
  readonly medianMicros: number
  readonly requestsPerSecond: number
}

const bin = join(import.meta.dirname, '../packages/sallyport/bin/sallyport.js')
const connections = 32
const secondsDefault = 2
const roundsDefault = 2
const warmSeconds = 3
const bodyBytes = 1024

const tools: readonly (readonly [command: string, asks: string])[] = [
  ['nginx', '-v'],
  ['wrk', '-v'],
  [pin, '-V'],
]

/** What this benchmark needs and this machine lacks, in a sentence; null where it can run. */
export function missingTools(): string | null {
  if (process.platform !== 'linux' || availableParallelism() < 2) return 'forward needs Linux and two cores'
  const missing = tools
    .filter(([command, asks]) => spawnSync(command, [asks]).error !== undefined)
    .map(([command]) => command)
  return missing.length === 0
    ? null
    : `forward needs ${missing.join(' and ')}: apt-get install nginx-light wrk util-linux`
}

/** Reads the command line behind the name. Throws a sentence where it is wrong, or something is missing. */
export async function benchForward(args: readonly string[]): Promise<readonly ForwardFigures[]> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      also: { type: 'string', multiple: true, default: [] },
      request: { type: 'string' },
      seconds: { type: 'string', default: String(secondsDefault) },
      rounds: { type: 'string', default: String(roundsDefault) },
    },
  })
  const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)]
  if (!Number.isSafeInteger(seconds) || seconds < 1) throw new TypeError('--seconds: write a number above 0')
  if (!Number.isSafeInteger(rounds) || rounds < 1) throw new TypeError('--rounds: write a number above 0')
  const chosen = asked.filter(({ request }) => values.request === undefined || request === values.request)
  if (chosen.length === 0)
    throw new TypeError(`--request: write one of ${asked.map(({ request }) => `"${request}"`).join(', ')}`)
  const missing = missingTools()
  if (missing !== null) throw new TypeError(missing)
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'))
  const started: { readonly stop: () => Promise<void> }[] = []
  const keep = <T extends { readonly stop: () => Promise<void> }>(one: T): T => {
    started.push(one)
    return one
  }
  try {
    const { port } = keep(await startUpstream(folder))
    const edges = [bin, ...values.also].entries()
    const forwarders: Forwarder[] = []
    for (const [index, program] of edges)
      forwarders.push(keep(await startEdge(index === 0 ? 'edge' : `also-${index}`, program, folder, port)))
    forwarders.push(keep(await startNginxProxy(folder, port, pairOf(folder, 'edge'))))
    return await measure(chosen, forwarders, postScript(folder), seconds, rounds)
  } finally {
    await Promise.all(started.map((one) => one.stop()))
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Asked {
  readonly request: string
  readonly url: (forwarder: Forwarder) => string
  readonly post: boolean
}

const asked: readonly Asked[] = [
  { request: 'GET', url: ({ plain }) => plain, post: false },
  { request: 'POST 1 KB', url: ({ plain }) => plain, post: true },
  { request: 'GET, TLS', url: ({ tls }) => tls, post: false },
  { request: 'POST 1 KB, TLS', url: ({ tls }) => tls, post: true },
]

/** All forwarders in turn, request by request and round by round: whatever the machine does meanwhile, it does to each. */
async function measure(
  chosen: readonly Asked[],
  forwarders: readonly Forwarder[],
  script: string,
  seconds: number,
  rounds: number,
): Promise<readonly ForwardFigures[]> {
  const rows = chosen.flatMap((one) =>
    forwarders.map((forwarder) => ({ ...one, forwarder, micros: [] as number[], rates: [] as number[] })),
  )
  // V8 makes code fast after some use; nginx has none to make.
  for (const forwarder of forwarders)
    if (forwarder.name !== 'nginx') await load(forwarder.tls, script, Math.min(warmSeconds, seconds))
  for (let round = 0; round < rounds; round++) {
    for (const row of rows) {
      const before = cpuMicros(row.forwarder.pid)
      const requests = await load(row.url(row.forwarder), row.post ? script : null, seconds)
      row.micros.push(rounded((cpuMicros(row.forwarder.pid) - before) / requests))
      row.rates.push(Math.round(requests / seconds))
    }
  }
  return rows.map(({ forwarder, request, micros, rates }) => ({
    forwarder: forwarder.name,
    request,
    micros,
    medianMicros: median(micros),
    requestsPerSecond: Math.round(median(rates)),
  }))
}

/** How many requests were answered with 200. */
async function load(url: string, script: string | null, seconds: number): Promise<number> {
  const args = [
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    ...(script === null ? [] : ['-s', script]),
    `${url}/api/payment_orders`,
  ]
  const child = spawn(pin, ['-c', String(otherCore), 'wrk', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk
  })
  await once(child, 'close')
  const requests = Number(/(\d+) requests in/.exec(said)?.[1] ?? 0)
  if (requests === 0 || /Non-2xx|Socket errors/.test(said))
    throw new TypeError(`${url} did not answer every request:\n${said}`)
  return requests
}

function postScript(folder: string): string {
  const file = join(folder, 'post.lua')
  writeFileSync(
    file,
    `wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"memo":"${'x'.repeat(bodyBytes - '{"memo":""}'.length)}"}'
`,
  )
  return file
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const [low = 0, high = 0] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]]
  return rounded((low + high) / 2)
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}

/** A table for people. `of nginx`: how many times its processor time. */
export function forwardTable(figures: readonly ForwardFigures[]): string {
  const rows = figures.map(({ forwarder, request, micros, medianMicros, requestsPerSecond }) => {
    const nginx = figures.find((one) => one.forwarder === 'nginx' && one.request === request)
    const times = nginx === undefined ? '-' : (medianMicros / nginx.medianMicros).toFixed(2)
    return [
      request,
      forwarder,
      medianMicros.toFixed(1),
      times,
      micros.map((one) => one.toFixed(1)).join(' '),
      String(requestsPerSecond),
    ]
  })
  return table([['request', 'forwarder', 'CPU µs', 'of nginx', 'rounds', 'requests/s'], ...rows])
}
