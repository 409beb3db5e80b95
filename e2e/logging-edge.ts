/** The edge as a process whose standard output nobody reads until a test does, in front of an upstream that answers. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { Agent, createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { bin, checkout, temporaryFolder } from './program.ts'

export interface Logging extends AsyncDisposable {
  readonly err: readonly string[]
  /** Standard output, which nobody reads until this is resumed. */
  readonly out: NodeJS.ReadableStream
  readonly ask: (path: string) => Promise<{ status: number; retryAfter: string | undefined }>
  readonly metric: (name: string) => Promise<number>
  /** Resolves with the first line of standard error that matches. */
  readonly said: (pattern: RegExp) => Promise<string>
  readonly signal: (name: NodeJS.Signals) => void
  readonly exit: Promise<unknown>
}

export async function logging(log: string, folder: string = temporaryFolder()): Promise<Logging> {
  const upstream = createServer({ maxHeaderSize: 64 * 1024 }, (_, response) => response.end('hello')).listen(
    0,
    '127.0.0.1',
  )
  await once(upstream, 'listening')
  const file = join(folder, 'sallyport.yaml')
  writeFileSync(
    file,
    `version: 1
admin: { listen: 127.0.0.1:0 }
log: ${log}
listeners: [{ name: plain, listen: 127.0.0.1:0, tls: false }]
upstreams: { api: { url: http://127.0.0.1:${(upstream.address() as AddressInfo).port} } }
routes: [{ upstream: api }]
rules: []
bounds: { drainNotice: 0s }
`,
  )
  const child = spawn(process.execPath, [bin, 'edge', '--config', file], {
    cwd: checkout,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit = once(child, 'exit')
  const err: string[] = []
  const lines = createInterface({ input: child.stderr })
  lines.on('line', (line) => err.push(line))
  const said = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = err.find((line) => pattern.test(line))
      if (found !== undefined) return found
      await once(lines, 'line')
    }
  }
  const urlIn = (line: string): string => line.split(' ').at(-1) ?? ''
  const plain = urlIn(await said(/^ready plain /))
  const admin = urlIn(await said(/^admin /))
  const agent = new Agent({ keepAlive: true, maxSockets: 20 })
  return {
    err,
    out: child.stdout,
    said,
    exit,
    signal: (name) => void child.kill(name),
    async ask(path) {
      const { answer } = await get(`${plain}${path}`, agent)
      return { status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'] }
    },
    async metric(name) {
      const { text } = await get(`${admin}/metrics`, false)
      const line = text.split('\n').find((one) => one.startsWith(`${name} `))
      return Number(line?.split(' ')[1])
    },
    async [Symbol.asyncDispose]() {
      agent.destroy()
      child.stdout.resume()
      child.kill('SIGKILL')
      await exit
      upstream.close()
      upstream.closeAllConnections()
    },
  }
}

async function get(url: string, agent: Agent | false): Promise<{ answer: IncomingMessage; text: string }> {
  const sent = request(url, { agent }).end()
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  return { answer, text: Buffer.concat(await Array.fromAsync(answer)).toString() }
}
