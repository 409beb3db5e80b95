/** What testssl.sh finds of the edge with its development certificate: `npm run tls-audit`, two minutes, not part of `npm test`.
 *  Exit code: 0 where nothing stands above LOW but what is explained here, 1 where something does, 2 where it could not be run. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { bin, start, temporaryFolder } from './program.ts'

/** Ids of findings that are no fault of the edge, and why. */
const explained: Readonly<Record<string, string>> = {
  cert_chain_of_trust: 'the development certificate is signed by itself',
  cert_revocation: 'whoever signs for itself has nowhere to revoke',
  security_headers: 'fields of an answer are the API’s; the edge adds none, HSTS (LOW) neither',
}
/** The others are below: OK, INFO, LOW; and WARN, which is what testssl.sh could not find out. */
const grave: ReadonlySet<string> = new Set(['MEDIUM', 'HIGH', 'CRITICAL', 'FATAL'])
const names = ['testssl', 'testssl.sh']

interface Found {
  readonly id: string
  readonly severity: string
  readonly finding: string
}

function programName(): string | null {
  const works = (name: string): boolean => {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  }
  return names.find(works) ?? null
}

async function audit(testssl: string): Promise<readonly Found[]> {
  const folder = temporaryFolder()
  const upstream = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  const origin = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
  await using edge = start([bin, 'edge', '--upstream', origin, '--listen', '127.0.0.1:0', '--data', folder])
  const [, address = ''] = await edge.line(/^ready public https:\/\/(\S+)$/)
  const report = join(folder, 'report.json')
  const words = ['--quiet', '--color', '0', '--warnings', 'off', '--jsonfile', report, address]
  await once(spawn(testssl, words, { stdio: 'ignore' }), 'close')
  upstream.close()
  upstream.closeAllConnections()
  return JSON.parse(readFileSync(report, 'utf8')) as readonly Found[]
}

const testssl = programName()
if (testssl === null) {
  process.stdout.write('NOT RUN: testssl.sh is not installed (checks/debian-packages.txt)\n')
  process.exitCode = 2
} else {
  const found = (await audit(testssl)).filter(({ severity }) => severity !== 'OK' && severity !== 'INFO')
  for (const { id, severity, finding } of found) {
    const reason = grave.has(severity) ? (explained[id] ?? 'NOT EXPLAINED') : 'at most LOW'
    process.stdout.write(`${severity} ${id}: ${finding} (${reason})\n`)
  }
  const left = found.filter(({ id, severity }) => grave.has(severity) && explained[id] === undefined)
  process.stdout.write(`${left.length} findings above LOW that are not explained\n`)
  process.exitCode = left.length === 0 ? 0 : 1
}
