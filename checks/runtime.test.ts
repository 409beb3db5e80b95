import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { test } from 'node:test'
import { checkout } from './sources.ts'

const bin = join(checkout, 'packages/sallyport/bin/sallyport.js')
const { version } = JSON.parse(readFileSync(join(checkout, 'packages/sallyport/package.json'), 'utf8'))

test('what npm runs is the Node 26 of the lock, whatever Node the machine has', () => {
  const { optionalDependencies } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'))
  const versions = new Set(Object.values(optionalDependencies))
  assert.deepEqual(versions, new Set([process.version.slice(1)]))
  assert.match(process.version, /^v26\./)
})

const older = olderNode()
test(`the program, started by ${older === null ? 'an older Node (NOT TRIED: this machine has none)' : `Node ${older.version}`}, goes on with the packaged Node`, (t) => {
  if (older === null) {
    t.skip('no Node older than 26 is on the PATH of this machine')
    return
  }
  assert.equal(execFileSync(older.path, [bin, '--version'], { encoding: 'utf8' }).trim(), version)
})

test('the program, started by the packaged Node, runs in that very process', () => {
  assert.equal(execFileSync(process.execPath, [bin, '--version'], { encoding: 'utf8' }).trim(), version)
})

/** A Node of the machine's own, outside any node_modules, that is too old for the program; null where there is none. */
function olderNode(): { path: string; version: string } | null {
  const { PATH = '' } = process.env
  for (const folder of PATH.split(delimiter)) {
    const path = join(folder, process.platform === 'win32' ? 'node.exe' : 'node')
    if (folder.includes('node_modules') || !existsSync(path)) continue
    const found = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim()
    if (Number.parseInt(found.slice(1), 10) < 26) return { path, version: found }
  }
  return null
}
