/** Syntax trees of our files, and one walk over them. */
import { parseSync } from 'oxc-parser'
import type { Source } from './sources.ts'

/** A node as ESTree has it; its other fields are read by `field`, which promises nothing of them. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
}

export function field(node: unknown, name: string): unknown {
  return isNode(node) ? (node as unknown as Readonly<Record<string, unknown>>)[name] : undefined
}

/** The name of an identifier; null of anything else. */
export function nameOf(node: unknown): string | null {
  const name = field(node, 'name')
  return typeof name === 'string' ? name : null
}

export interface Comment {
  readonly value: string
  readonly start: number
}

export interface Syntax {
  readonly program: Node
  readonly comments: readonly Comment[]
}

const parsed = new WeakMap<Source, Syntax>()

/** Parses a file once. Throws if it is not TypeScript: a file that cannot be read must not pass for a clean one. */
export function syntaxOf(source: Source): Syntax {
  const known = parsed.get(source)
  if (known !== undefined) return known
  const { program, comments, errors } = parseSync(source.path, source.text)
  if (errors.length > 0) throw new Error(`${source.path}: ${errors[0]?.message}`)
  const syntax = { program: program as unknown as Node, comments }
  parsed.set(source, syntax)
  return syntax
}

/** Calls `visit` for each node, outermost first. */
export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node)
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) for (const one of value) if (isNode(one)) walk(one, visit)
    if (isNode(value)) walk(value, visit)
  }
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
}

/** 1 for the first line. */
export function lineAt({ text }: Source, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++
  return line
}

/** `PATH:LINE: MESSAGE`, as editors can follow it. */
export function finding(source: Source, offset: number, message: string): string {
  return `${source.path}:${lineAt(source, offset)}: ${message}`
}
