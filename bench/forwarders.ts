/** The programs that are compared: each forwards to the same upstream, from a core of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Core of what is measured; the upstream and the load have the other. */
const measuredCore = 0
export const otherCore = 1

export interface Forwarder {
  readonly name: string
  readonly plain: string
  readonly tls: string
  /** Of its one process. */
  readonly pid: number
  readonly stop: () => Promise<void>
}

/** Microseconds of processor time, user and system, that a process has used so far. */
export function cpuMicros(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // proc(5): the name, in parentheses, may hold anything; behind it the state is field 3, and utime and stime are 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * microsPerTick
}

/** USER_HZ, which is 100 on every Linux that Node runs on. */
const microsPerTick = 10_000

/** A small JSON answer from memory, over kept connections. */
export async function startUpstream(
  folder: string,
): Promise<{ readonly port: number; readonly stop: () => Promise<void> }> {
  const [port = 0] = await freePorts(1)
  const body = JSON.stringify({ data: 'x'.repeat(285) })
  const server = `server { listen 127.0.0.1:${port}; location / { default_type application/json; return 200 '${body}'; } }`
  return { port, stop: (await startNginx('upstream', folder, server, otherCore)).stop }
}

/** As nginx forwards: HTTP/1.1 over kept connections, no log. */
export async function startNginxProxy(folder: string, upstream: number, pair: Pair): Promise<Forwarder> {
  const [plain = 0, tls = 0] = await freePorts(2)
  const servers = `upstream api { server 127.0.0.1:${upstream}; keepalive 64; }
server {
  listen 127.0.0.1:${plain};
  listen 127.0.0.1:${tls} ssl;
  ssl_certificate ${pair.cert};
  ssl_certificate_key ${pair.key};
  location / { proxy_pass http://api; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host; }
}`
  const { pid, stop } = await startNginx('proxy', folder, servers, measuredCore)
  return { name: 'nginx', plain: `http://127.0.0.1:${plain}`, tls: `https://127.0.0.1:${tls}`, pid, stop }
}

/** Files, PEM. */
export interface Pair {
  readonly cert: string
  readonly key: string
}

/** Where the edge of that name puts the certificate that it makes. */
export function pairOf(folder: string, name: string): Pair {
  const data = dataOf(folder, name)
  return { cert: join(data, 'development-cert.pem'), key: join(data, 'development-key.pem') }
}

/** No two edges may share one. */
function dataOf(folder: string, name: string): string {
  return join(folder, `data-${name}`)
}

/** An edge without rules. `bin`: the program of this checkout, or of another. */
export async function startEdge(name: string, bin: string, folder: string, upstream: number): Promise<Forwarder> {
  const config = join(folder, `${name}.yaml`)
  writeFileSync(
    config,
    `version: 1
data: ${dataOf(folder, name)}
log: { decisions: /dev/null }
listeners:
  - { name: plain, listen: "127.0.0.1:0", tls: false }
  - { name: tls, listen: "127.0.0.1:0" }
upstreams: { api: { url: "http://127.0.0.1:${upstream}" } }
routes: [{ upstream: api }]
rules: []
`,
  )
  const child = pinned(measuredCore, process.execPath, [bin, 'edge', '--config', config])
  const urls = new Map<string, string>()
  const said: string[] = []
  for await (const line of createInterface({ input: child.stderr as NodeJS.ReadableStream })) {
    const [, listener = '', url = ''] = /^ready (\S+) (\S+)/.exec(line) ?? []
    if (listener !== '') urls.set(listener, url)
    else said.push(line)
    if (urls.size === 2) break
  }
  const [plain, tls] = [urls.get('plain'), urls.get('tls')]
  if (plain === undefined || tls === undefined) throw new TypeError(`${bin} does not start: ${said.join(' ')}`)
  return { name, plain, tls, pid: child.pid ?? 0, stop: () => stop(child) }
}

async function startNginx(name: string, folder: string, http: string, core: number) {
  const config = join(folder, `${name}.conf`)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  )
  writeFileSync(
    config,
    `daemon off; master_process off; pid ${folder}/${name}.pid; error_log stderr error;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 100000000; ${temporary.join(' ')}
${http}
}`,
  )
  const child = pinned(core, 'nginx', ['-e', 'stderr', '-p', folder, '-c', config])
  const port = Number(/127\.0\.0\.1:(\d+)[^}]*location/.exec(http.slice(http.indexOf('server {')))?.[1])
  await accepting(port, child)
  return { pid: child.pid ?? 0, stop: () => stop(child) }
}

/** util-linux: sets the core of a process. */
export const pin = 'taskset'

/** `taskset` becomes the program, so the process is the one that is measured. */
function pinned(core: number, program: string, args: readonly string[]): ChildProcess {
  return spawn(pin, ['-c', String(core), program, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'close')
  child.stderr?.resume()
  child.kill('SIGKILL')
  await ended
}

/** Waits until somebody listens. */
async function accepting(port: number, child: ChildProcess): Promise<void> {
  for (;;) {
    try {
      await fetch(`http://127.0.0.1:${port}/`)
      return
    } catch {
      if (child.exitCode !== null) throw new TypeError(`nginx does not start: ${child.stderr?.read() ?? ''}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
