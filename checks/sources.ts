/** The files of the checkout that people wrote, read once. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

export interface Source {
  /** From the root of the checkout, with `/`. */
  readonly path: string
  readonly text: string
}

export const checkout: string = join(import.meta.dirname, '..')

/** Folders that tools make (.gitignore), and git's own. */
const made: ReadonlySet<string> = new Set(['.git', 'node_modules', 'dist', 'data'])
const written = /\.(ts|js|json|md|conf|yaml|yml|sh)$|(^|\/)(\.npmrc|\.gitignore|run)$/

/** All written files, in order of their path. */
export function sources(root: string = checkout): readonly Source[] {
  return [...pathsUnder(root)]
    .map((path) => relative(root, path).split(sep).join('/'))
    .filter((path) => written.test(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

function* pathsUnder(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isFile()) yield path
    else if (entry.isDirectory() && !made.has(entry.name)) yield* pathsUnder(path)
  }
}

export function isCode({ path }: Source): boolean {
  return /\.[jt]s$/.test(path)
}

export function isTest({ path }: Source): boolean {
  return path.endsWith('.test.ts')
}
