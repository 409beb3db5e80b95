/** Reads a configuration file and all that it names. */
import { open } from 'node:fs/promises'
import { configBytesMax } from './bounds.ts'
import type { Config } from './config.ts'
import { ConfigError, type Fault, inOrder } from './fault.ts'
import { type AcmeOrder, readFiles, type ServerPair, type UpstreamTls, unreadable } from './files.ts'
import { type Parsed, type Purpose, parseConfig } from './parse.ts'

export interface Loaded {
  /** As written. */
  readonly text: string
  readonly config: Config
  /** In the order of `config.certificates`. */
  readonly certificates: readonly (ServerPair | AcmeOrder)[]
  /** Of `upstreams`, those with `https:`, by name. */
  readonly upstreamTls: ReadonlyMap<string, UpstreamTls>
  /** Works, but deserves a look. In order of place. */
  readonly warnings: readonly Fault[]
  /** A fault at a key or value of the file, for what is found later: a rule set that does not compile. */
  readonly fault: Parsed['fault']
}

/** Throws `ConfigError` for whatever is wrong with the file or with one it names. */
export async function loadConfig(file: string, purpose: Purpose = 'edge', now: Date = new Date()): Promise<Loaded> {
  const text = await readConfigText(file)
  const { config, warnings, fault } = parseConfig(text, file, purpose)
  const files = await readFiles(config, now)
  if (files.errors.length > 0) throw new ConfigError(files.errors.map(fault))
  return {
    text,
    config,
    certificates: files.certificates,
    upstreamTls: files.upstreams,
    warnings: inOrder([...warnings, ...files.warnings.map(fault)]),
    fault,
  }
}

/** The text of a configuration file. Throws `ConfigError` where it cannot be read, is too long, or is no UTF-8. */
async function readConfigText(file: string): Promise<string> {
  const bytes = await readBytes(file)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw atStart(file, `${file} is no text in UTF-8: save it as such`)
  }
}

/** One byte more than may be, for `parseConfig` to refuse: a device without end must not fill the memory. */
async function readBytes(file: string): Promise<Uint8Array> {
  try {
    await using handle = await open(file)
    const buffer = Buffer.alloc(configBytesMax + 1)
    let length = 0
    while (length < buffer.length) {
      const { bytesRead } = await handle.read(buffer, length)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return buffer.subarray(0, length)
  } catch (error) {
    throw atStart(file, unreadable(file, error))
  }
}

function atStart(file: string, message: string): ConfigError {
  return new ConfigError([{ file, line: 1, column: 1, word: '', message }])
}
