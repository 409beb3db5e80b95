/** What is wrong in a configuration file, where, and what to do about it. */
import { faultsShownMax, shownCharactersMax } from './bounds.ts'

export interface Fault {
  /** As the operator named it. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1, in characters of that line. */
  readonly column: number
  /** The key or value at fault, as written; empty where nothing was written. */
  readonly word: string
  /** `cause: action`, on one line. */
  readonly message: string
}

/** The one error that reading a configuration throws. `message` is a line a fault, `FILE:LINE:COL: message`, in order of place. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly faults: readonly Fault[]
  constructor(faults: readonly Fault[]) {
    const sorted = inOrder(faults)
    super(linesOf(sorted))
    this.faults = sorted
  }
}

/** `FILE:LINE:COL: message`, as editors and terminals can follow it. */
export function faultLine({ file, line, column, message }: Fault): string {
  return `${file}:${line}:${column}: ${message}`
}

/** By place; the same sentence about the same place once. */
export function inOrder(faults: readonly Fault[]): readonly Fault[] {
  const sorted = [...faults].sort(
    (a, b) => a.line - b.line || a.column - b.column || (a.message < b.message ? -1 : Number(a.message > b.message)),
  )
  return sorted.filter((fault, at) => at === 0 || faultLine(fault) !== faultLine(sorted[at - 1]!))
}

/** A value as a message repeats it: on one line, cut, control characters escaped. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  if (typeof value !== 'string') return String(value)
  const cut = value.length > shownCharactersMax ? `${value.slice(0, shownCharactersMax)}…` : value
  return JSON.stringify(cut)
}

function linesOf(faults: readonly Fault[]): string {
  const lines = faults.slice(0, faultsShownMax).map(faultLine)
  const more = faults.length - lines.length
  return (more > 0 ? [...lines, `${faults[0]?.file}: and ${more} more`] : lines).join('\n')
}
