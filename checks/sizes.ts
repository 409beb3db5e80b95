/** How long files and functions may be. What is longer today stands in the ratchet with its length, which may only shrink. */
import { isCode, type Source } from './sources.ts'
import { finding, isNode, lineAt, type Node, syntaxOf, walk } from './syntax.ts'

export const fileLinesMax = 300
export const functionLinesMax = 70

/** A file or function that was too long when the rule came, and how long it may still be. */
export interface Exception {
  readonly path: string
  /** Absent: the file itself. */
  readonly function?: string
  readonly lines: number
  readonly why: string
}

/** Take rows out; put none in. */
export const ratchet: readonly Exception[] = []

interface Long {
  readonly source: Source
  readonly function: string | null
  readonly at: number
  readonly lines: number
  readonly max: number
}

/** What is too long, what grew, and rows of the ratchet that have had their day. */
export function lengthFindings(all: readonly Source[], exceptions: readonly Exception[] = ratchet): string[] {
  const long = all.filter(isCode).flatMap(longParts)
  const unlisted = long.flatMap((part) => {
    const row = exceptions.find((one) => covers(one, part))
    if (row !== undefined && part.lines <= row.lines) return []
    const what = part.function === null ? 'a file' : `function ${part.function}`
    return [
      finding(
        part.source,
        part.at,
        `${what} of ${part.lines} lines: use at most ${row?.lines ?? part.max}, by a second one with its own reason to exist`,
      ),
    ]
  })
  const loose = exceptions.flatMap((row) => {
    const lines = long.find((part) => covers(row, part))?.lines ?? 0
    const name = row.function === undefined ? row.path : `${row.path} ${row.function}`
    if (lines === 0) return [`${name}: a row of the ratchet without need: take it out`]
    return lines < row.lines ? [`${name}: the ratchet says ${row.lines} lines: use ${lines}, which it has now`] : []
  })
  return [...unlisted, ...loose]
}

function covers(row: Exception, part: Long): boolean {
  return row.path === part.source.path && (row.function ?? null) === part.function
}

function longParts(source: Source): Long[] {
  const parts: Long[] = []
  const lines = lineAt(source, source.text.trimEnd().length)
  if (lines > fileLinesMax) parts.push({ source, function: null, at: 0, lines, max: fileLinesMax })
  walk(syntaxOf(source).program, (node) => {
    for (const [name, inner] of namedFunctions(node)) {
      const length = lineAt(source, inner.end) - lineAt(source, inner.start) + 1
      if (length > functionLinesMax)
        parts.push({ source, function: name, at: inner.start, lines: length, max: functionLinesMax })
    }
  })
  return parts
}

const functions: ReadonlySet<string> = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'])

/** A function by the name it is known by: its own, or that of the variable, field or method that holds it. */
function* namedFunctions(node: Node): Generator<[string, Node]> {
  const { id, key, init, value } = node as Node & Readonly<Record<'id' | 'key' | 'init' | 'value', unknown>>
  if (node.type === 'FunctionDeclaration') yield [nameIn(id), node]
  const held = init ?? value
  if (isNode(held) && functions.has(held.type)) yield [nameIn(id ?? key), held]
  const passed = (node as Node & { readonly arguments?: unknown }).arguments
  if (Array.isArray(passed))
    for (const one of passed) if (isNode(one) && functions.has(one.type)) yield ['(passed)', one]
}

function nameIn(node: unknown): string {
  return isNode(node) && 'name' in node && typeof node.name === 'string' ? node.name : '(unnamed)'
}
