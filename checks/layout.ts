/** Names of files, tables and barrels, and the README that each main folder has. */
import { posix } from 'node:path'
import { isCode, type Source } from './sources.ts'
import { field, syntaxOf } from './syntax.ts'

/** Tables that list what a folder holds, row by row: the one kind of `index.ts` inside a package. */
const tables: readonly string[] = ['operators', 'transformations', 'bodies', 'variables'].map(
  (folder) => `packages/seclang/src/${folder}/index.ts`,
)
const readmeLinesMax = 12

/** Names that say nothing about what a file is for. */
export function emptyNames(all: readonly Source[]): string[] {
  return all.flatMap(({ path }) => {
    const word = path.split(/[/.-]/).find((one) => /^(utils?|helpers?|managers?)$/i.test(one))
    return word === undefined ? [] : [`${path}: ${word}: use the name of what it does`]
  })
}

/** Files that only pass on what others define: with them every import reaches everything. */
export function barrels(all: readonly Source[]): string[] {
  return all.filter(isCode).flatMap((source) => {
    const { path } = source
    const published = /^packages\/[^/]+\/src\/index\.ts$/.test(path)
    if (published || tables.includes(path)) return []
    const body = field(syntaxOf(source).program, 'body')
    const statements = Array.isArray(body) ? body : []
    const passesOn =
      statements.length > 0 && statements.every((one) => field(one, 'source') && one.type !== 'ImportDeclaration')
    if (posix.basename(path) !== 'index.ts' && !passesOn) return []
    return [`${path}: a barrel: import the file that defines the thing`]
  })
}

/** Main folders: each package, each folder of its `src`, and the folders of the root. */
export function missingReadmes(all: readonly Source[]): string[] {
  const folders = new Set(
    all.filter((source) => isCode(source) || source.path.startsWith('docs/')).flatMap(mainFoldersOf),
  )
  return [...folders].flatMap((folder) => {
    const readme = all.find(({ path }) => path === `${folder}/README.md`)
    if (readme === undefined) return [`${folder}: no README.md: say in ten lines its job and its neighbours`]
    // The README of a package is also its page at the registry, where it is all that a stranger sees.
    if (folder.split('/').length === 2 && folder.startsWith('packages/')) return []
    const lines = readme.text.trimEnd().split('\n').length
    return lines > readmeLinesMax ? [`${readme.path}: ${lines} lines: use at most ${readmeLinesMax}`] : []
  })
}

function mainFoldersOf({ path }: Source): string[] {
  const [root = '', name, src, folder, more] = path.split('/')
  if (root === 'packages' && src === 'src' && more !== undefined)
    return [`packages/${name}`, `packages/${name}/src/${folder}`]
  if (root === 'packages' || root === 'examples') return [`${root}/${name}`]
  return path.includes('/') && !root.startsWith('.') ? [root] : []
}
