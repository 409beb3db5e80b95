/** What a rule set was compiled from: enough to tell whether compiling it again would give the same. */
import { createHash } from 'node:crypto'
import type { Source } from '@sallyport/seclang'

/** Paths and patterns are absolute. */
export interface Reader {
  /** Throws where it cannot be read. */
  readonly readFile: (path: string) => Uint8Array
  readonly glob: (pattern: string) => readonly string[]
}

export interface MadeOf {
  /** Of the mode and all sources, their names included. */
  readonly digest: string
  /** What the rules themselves had read: files of data, includes. */
  readonly reads: readonly Read[]
}

interface Read {
  readonly kind: 'file' | 'glob'
  readonly what: string
  readonly found: string
}

export function digestOf(mode: string, sources: readonly Source[]): string {
  const hash = createHash('sha256').update(`${mode}\0`)
  // Lengths in front: no text may look like the end of another.
  for (const { file, text } of sources) hash.update(`${file}\0${text.length}\0`).update(text, 'latin1')
  return hash.digest('base64')
}

/** A reader that notes what it is asked for, and what was found. */
export function noting(reader: Reader): { readonly reads: readonly Read[]; readonly reader: Reader } {
  const reads: Read[] = []
  const note = <T>(kind: Read['kind'], what: string, read: () => T, tell: (found: T) => string): T => {
    try {
      const found = read()
      reads.push({ kind, what, found: tell(found) })
      return found
    } catch (error) {
      reads.push({ kind, what, found: nothing })
      throw error
    }
  }
  return {
    reads,
    reader: {
      readFile: (path) => note('file', path, () => reader.readFile(path), digestOfBytes),
      glob: (pattern) => note('glob', pattern, () => reader.glob(pattern), JSON.stringify),
    },
  }
}

/** Whether the same sources, and all that they had read, are as they were. */
export function stillMadeOf({ digest, reads }: MadeOf, now: string, reader: Reader): boolean {
  return digest === now && reads.every((read) => foundNow(read, reader) === read.found)
}

const nothing = 'nothing'

function foundNow({ kind, what }: Read, reader: Reader): string {
  try {
    return kind === 'file' ? digestOfBytes(reader.readFile(what)) : JSON.stringify(reader.glob(what))
  } catch {
    return nothing
  }
}

function digestOfBytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64')
}
