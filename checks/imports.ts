/** Which folder may import which, with the reason. Type imports count; what is not in the table is refused; a row that no
 *  import uses is refused too, so that the table says what is true. Inside a zone everything may import everything but itself. */
import { posix } from 'node:path'
import { isCode, isTest, type Source } from './sources.ts'
import { field, finding, type Node, nameOf, syntaxOf, walk } from './syntax.ts'

export interface Row {
  readonly from: string
  readonly to: string
  readonly why: string
  /** The only file of `to` that may be imported; absent: any. */
  readonly through?: string
}

/** One way: cli → admin and config → edge → waf → seclang, edge → certificates. The packages' own folders; the longest that holds a file is its zone. */
export const zones: readonly string[] = [
  'packages/seclang/src',
  'packages/seclang/fuzz',
  'packages/sallyport/bin',
  'packages/sallyport/src/admin',
  'packages/sallyport/src/certificates',
  'packages/sallyport/src/cli',
  'packages/sallyport/src/config',
  'packages/sallyport/src/edge',
  'packages/sallyport/src/waf',
  'packages/sallyport/rules',
  'examples/node-http-waf',
  'examples/payments-api',
  'conformance',
  'bench',
  'checks',
  'e2e',
]

/** What the engine publishes: what is not in it may change without a word. */
const engine = 'packages/seclang/src/index.ts'

export const rows: readonly Row[] = [
  { from: 'packages/sallyport/bin', to: 'packages/sallyport/src/cli', why: 'the program begins at the command line' },
  {
    from: 'packages/sallyport/src/cli',
    to: 'packages/sallyport/src/edge',
    why: 'the command makes the parts and starts the edge',
  },
  {
    from: 'packages/sallyport/src/cli',
    to: 'packages/sallyport/src/admin',
    why: 'the command starts the admin listener beside the edge',
  },
  {
    from: 'packages/sallyport/src/cli',
    to: 'packages/sallyport/src/certificates',
    why: 'the command makes the store and starts ACME beside the edge',
  },
  {
    from: 'packages/sallyport/src/edge',
    to: 'packages/sallyport/src/certificates',
    why: 'a listener asks which certificate to show, and for challenges',
  },
  {
    from: 'packages/sallyport/src/admin',
    to: 'packages/sallyport/src/edge',
    why: 'metrics are counted from decisions',
  },
  {
    from: 'packages/sallyport/src/cli',
    to: 'packages/sallyport/src/waf',
    why: 'inspect loads rule sets and judges by them',
  },
  {
    from: 'packages/sallyport/src/cli',
    to: 'packages/seclang/src',
    why: 'inspect reads and prints what the engine takes and finds',
    through: engine,
  },
  {
    from: 'packages/sallyport/src/edge',
    to: 'packages/sallyport/src/waf',
    why: 'stages let the rule sets judge a request',
  },
  {
    from: 'packages/sallyport/src/edge',
    to: 'packages/seclang/src',
    why: 'a request is handed over in the engine’s own shape',
    through: engine,
  },
  {
    from: 'packages/sallyport/src/waf',
    to: 'packages/seclang/src',
    why: 'rule sets are compiled and run by the engine',
    through: engine,
  },
  {
    from: 'packages/sallyport/rules',
    to: 'packages/seclang/src',
    why: 'the built-in rules are proved by the engine that runs them',
    through: engine,
  },
  {
    from: 'examples/node-http-waf',
    to: 'packages/seclang/src',
    why: 'shows the engine in a server that is not ours',
    through: engine,
  },
  {
    from: 'packages/sallyport/src/cli',
    to: 'packages/sallyport/src/config',
    why: 'a command reads the configuration and hands its parts on',
  },
  {
    from: 'packages/sallyport/src/config',
    to: 'packages/sallyport/src/edge',
    why: 'the defaults of bounds are those of the edge',
    through: 'packages/sallyport/src/edge/bounds.ts',
  },
  {
    from: 'packages/seclang/fuzz',
    to: 'packages/seclang/src',
    why: 'the long run takes the generators and the judge of the tests',
  },
  {
    from: 'checks',
    to: 'packages/seclang/src',
    why: 'the page about SecLang is made from the tables that decide',
  },
  {
    from: 'bench',
    to: 'packages/sallyport/src/waf',
    why: 'the engine is measured as the edge uses it',
  },
  {
    from: 'bench',
    to: 'packages/seclang/src',
    why: 'a request to measure is handed over in the engine’s own shape',
    through: engine,
  },
  {
    from: 'conformance',
    to: 'packages/seclang/src',
    why: 'published tests try tokenisers, transformations and operators one by one',
  },
  {
    from: 'conformance',
    to: 'e2e',
    why: 'the tests of CRS are played through the edge as a program, started as every test from outside starts it',
    through: 'e2e/program.ts',
  },
]

/** A name that only some files may import: whoever has it can do what nobody else should. */
export interface Reserved {
  readonly name: string
  readonly of: string
  readonly only: string
  readonly why: string
}

export const reserved: readonly Reserved[] = ['decide', 'allow'].map((name) => ({
  name,
  of: 'packages/sallyport/src/edge/decision.ts',
  only: 'packages/sallyport/src/edge/stages/',
  why: 'a decision is made in a stage, and nowhere else',
}))

interface Import {
  readonly from: Source
  readonly to: string
  readonly at: number
  readonly names: readonly string[]
}

/** Every sentence about an import that should not be, over all files at once. */
export function importFindings(
  all: readonly Source[],
  table: readonly Row[] = rows,
  folders: readonly string[] = zones,
  keep: readonly Reserved[] = reserved,
): string[] {
  const code = all.filter(isCode)
  const known = new Set(code.map(({ path }) => path))
  const imports = code.flatMap((source) => importsOf(source, packagesOf(all)))
  return [
    ...imports.flatMap((one) =>
      known.has(one.to) || !/\.[jt]s$/.test(one.to) ? [] : [say(one, `${one.to} is not there`)],
    ),
    ...imports.flatMap((one) => crossing(one, table, folders)),
    ...imports.flatMap((one) => keep.flatMap((rule) => reservedFinding(one, rule))),
    ...deadRows(imports, table, folders),
    ...cycles(imports).map((path) => `${path.join(' → ')}: a cycle: move what both need into a file of its own`),
  ]
}

/** All imports and re-exports of files of ours: static, dynamic and inline in a type. */
function importsOf(from: Source, packages: ReadonlyMap<string, string>): Import[] {
  const found: Import[] = []
  walk(syntaxOf(from).program, (node) => {
    const source = specifierOf(node)
    if (source === null) return
    const to = resolve(from.path, source, packages)
    if (to !== null) found.push({ from, to, at: node.start, names: namesOf(node) })
  })
  return found
}

const importing: ReadonlySet<string> = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
])

function specifierOf(node: Node): string | null {
  if (!importing.has(node.type)) return null
  const source = field(node, 'source') ?? field(node, 'argument')
  const literal = field(source, 'literal') ?? source
  const value = field(literal, 'value')
  return typeof value === 'string' ? value : null
}

function namesOf(node: Node): string[] {
  const specifiers = field(node, 'specifiers')
  if (!Array.isArray(specifiers)) return []
  return specifiers.flatMap((one) => nameOf(field(one, 'imported')) ?? nameOf(field(one, 'local')) ?? [])
}

/** Names of our packages and the file that each opens with. */
function packagesOf(all: readonly Source[]): ReadonlyMap<string, string> {
  const entries = new Map<string, string>()
  for (const { path, text } of all) {
    if (posix.basename(path) !== 'package.json') continue
    const { name, exports } = JSON.parse(text)
    if (typeof exports === 'string') entries.set(name, posix.join(posix.dirname(path), exports))
  }
  return entries
}

function resolve(from: string, specifier: string, packages: ReadonlyMap<string, string>): string | null {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier)
  return packages.get(specifier) ?? null
}

function zoneOf(path: string, folders: readonly string[]): string | null {
  const holding = folders.filter((folder) => path.startsWith(`${folder}/`))
  return holding.sort((a, b) => b.length - a.length)[0] ?? null
}

function rowOf({ from, to }: Import, table: readonly Row[], folders: readonly string[]): Row | undefined {
  const [own, other] = [zoneOf(from.path, folders), zoneOf(to, folders)]
  return table.find((row) => row.from === own && row.to === other)
}

function crossing(one: Import, table: readonly Row[], folders: readonly string[]): string[] {
  if (!/\.[jt]s$/.test(one.to)) return []
  const [own, other] = [zoneOf(one.from.path, folders), zoneOf(one.to, folders)]
  if (own === null || other === null)
    return [say(one, `${own === null ? one.from.path : one.to} is in no zone: add it in checks/imports.ts`)]
  if (own === other) return []
  const row = rowOf(one, table, folders)
  if (row === undefined)
    return [say(one, `${own} may not import ${other}: declare a port (a type) here, or add a row with its reason`)]
  if (row.through !== undefined && one.to !== row.through) return [say(one, `inside of ${other}: use ${row.through}`)]
  return []
}

function reservedFinding(one: Import, { name, of, only, why }: Reserved): string[] {
  if (one.to !== of || !one.names.includes(name) || one.from.path.startsWith(only) || isTest(one.from)) return []
  return [say(one, `${name} outside ${only}: ${why}`)]
}

function deadRows(imports: readonly Import[], table: readonly Row[], folders: readonly string[]): string[] {
  const used = new Set(imports.map((one) => rowOf(one, table, folders)))
  return table
    .filter((row) => !used.has(row))
    .map(({ from, to }) => `checks/imports.ts: ${from} → ${to} is a dead row: take it out`)
}

function say({ from, at }: Import, message: string): string {
  return finding(from, at, message)
}

/** One path for each way back to a file that is still being followed: none where there is no cycle. */
function cycles(imports: readonly Import[]): string[][] {
  const edges = new Map<string, Set<string>>()
  for (const { from, to } of imports) edges.set(from.path, (edges.get(from.path) ?? new Set()).add(to))
  const state = new Map<string, 'open' | 'done'>()
  const found: string[][] = []
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return
    if (state.get(path) === 'open') {
      found.push([...trail.slice(trail.indexOf(path)), path])
      return
    }
    state.set(path, 'open')
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path])
    state.set(path, 'done')
  }
  for (const path of edges.keys()) visit(path, [])
  return found
}
