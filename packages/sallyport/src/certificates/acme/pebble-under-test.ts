/** For tests: a real authority, Let's Encrypt's `pebble` as Debian ships it, on free ports of the loopback address, with a name
 *  server that sends every name there. */
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { makePair, temporaryFolder } from '../certificates-under-test.ts'

export interface Pebble extends AsyncDisposable {
  readonly directory: string
  /** PEM, of its own certificate. */
  readonly ca: string
}

export interface PebbleSettings {
  /** Where it looks for challenges. */
  readonly httpPort: number
  readonly tlsPort: number
  /** Of a hundred nonces, how many it refuses although they are good. */
  readonly nonceReject?: number
}

const localhost = '127.0.0.1'

/** The program, by its path; null where it is not installed. */
export const pebbleProgram: string | null = findProgram()

function findProgram(): string | null {
  const { PATH: path = '' } = process.env
  const files = path.split(delimiter).map((folder) => join(folder, 'pebble'))
  return files.find((file) => existsSync(file)) ?? null
}

export async function startPebble({ httpPort, tlsPort, nonceReject = 0 }: PebbleSettings): Promise<Pebble> {
  const folder = await temporaryFolder()
  const { cert, key } = await makePair({ hosts: ['localhost', localhost] })
  const names = await startNames()
  const port = await freePort()
  const [certificate, privateKey, config] = ['cert.pem', 'key.pem', 'config.json'].map((file) =>
    join(folder, file),
  ) as [string, string, string]
  const pebble = {
    listenAddress: `${localhost}:${port}`,
    managementListenAddress: '',
    certificate,
    privateKey,
    httpPort,
    tlsPort,
    ocspResponderURL: '',
    externalAccountBindingRequired: false,
  }
  await Promise.all([
    writeFile(certificate, cert),
    writeFile(privateKey, key),
    writeFile(config, JSON.stringify({ pebble })),
  ])
  const child = spawn(pebbleProgram ?? '', ['-config', config, '-strict', '-dnsserver', `${localhost}:${names.port}`], {
    // Every name must be proved each time: what is remembered would hide a broken challenge.
    env: {
      ...process.env,
      PEBBLE_VA_NOSLEEP: '1',
      PEBBLE_AUTHZREUSE: '0',
      PEBBLE_WFE_NONCEREJECT: String(nonceReject),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  child.stderr.resume()
  for await (const line of createInterface(child.stdout)) if (line.includes('ACME directory available')) break
  child.stdout.resume()
  await accepts(port)
  return {
    directory: `https://localhost:${port}/dir`,
    ca: cert,
    [Symbol.asyncDispose]: async () => {
      child.kill()
      await exited
      names.close()
    },
  }
}

/** It says that it listens a moment before it does. */
async function accepts(port: number): Promise<void> {
  const { connect } = await import('node:net')
  for (let tries = 1; ; tries += 1) {
    const socket = connect(port, localhost)
    try {
      await once(socket, 'connect')
      socket.destroy()
      return
    } catch (error) {
      if (tries === 1000) throw error
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, localhost)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const headerBytes = 12
const typeA = 1

/** A name server (RFC 1035 §4.1) that knows one answer: 127.0.0.1 to a question of type A, nothing to any other. */
async function startNames(): Promise<{ readonly port: number; readonly close: () => void }> {
  const socket = createSocket('udp4')
  socket.on('message', (query, from) => {
    let end = headerBytes
    while ((query[end] ?? 0) !== 0) end += query[end]! + 1
    const question = query.subarray(headerBytes, end + 5)
    const isA = query.readUInt16BE(end + 1) === typeA
    const header = Buffer.from([query[0]!, query[1]!, 0x85, 0x80, 0, 1, 0, isA ? 1 : 0, 0, 0, 0, 0])
    // A pointer to the question's name, type A, class IN, 60 seconds, four bytes.
    const answer = isA ? Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]) : Buffer.alloc(0)
    socket.send(Buffer.concat([header, question, answer]), from.port, from.address)
  })
  socket.bind(0, localhost)
  await once(socket, 'listening')
  return { port: socket.address().port, close: () => socket.close() }
}
