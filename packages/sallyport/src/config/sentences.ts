/** What the schema has to object to, as sentences for the operator. */
import type { z } from 'zod'
import type { Complaint } from './complaint.ts'
import { shown } from './fault.ts'
import { laterAt, laterSentence } from './later.ts'
import { find, type Located, type Path } from './located.ts'
import { suggest } from './suggest.ts'

type Issue = z.core.$ZodIssue

/** The keys that a mapping may have, by its path: for "did you mean". */
export type KnownKeys = (path: Path) => readonly string[]

/** One issue may be several complaints: a mapping with two unknown keys. */
export function complaintsOf(issue: Issue, root: Located, known: KnownKeys): readonly Complaint[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
  switch (issue.code) {
    case 'unrecognized_keys': {
      const keys = known(path)
      return issue.keys.map((key) => unknownKey([...path, key], key, keys))
    }
    case 'invalid_key':
      return [{ path, aim: 'key', message: issue.issues[0]?.message ?? issue.message }]
    case 'invalid_type':
      return [find(root, path) === null ? missing(path) : { path, message: wrongType(issue, root, path) }]
    case 'invalid_value':
      return [find(root, path) === null ? missing(path) : { path, message: wrongWord(issue, root, path) }]
    default:
      return [{ path, message: issue.message }]
  }
}

function unknownKey(path: Path, key: string, known: readonly string[]): Complaint {
  const waiting = laterAt(path)
  if (waiting !== null) return { path, aim: 'key', message: laterSentence(waiting) }
  const near = suggest(key, known)
  const mend = near === null ? `use ${known.join(', ')}` : `did you mean ${near}?`
  return { path, aim: 'key', message: `unknown key ${shown(key)}: ${mend}` }
}

function missing(path: Path): Complaint {
  const key = String(path.at(-1) ?? '')
  const message = path.length === 0 ? 'nothing is written here: begin with version: 1' : `"${key}" is missing: add it`
  return { path, message }
}

/** Kinds of values, as an operator knows them. */
const kinds: Readonly<Record<string, string>> = {
  object: 'a mapping (key: value)',
  record: 'a mapping (key: value)',
  array: 'a list',
  string: 'text',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
}

function wrongType(issue: Issue & { readonly code: 'invalid_type' }, root: Located, path: Path): string {
  const value = find(root, path)?.value
  if (path.length === 0 && value === null) return missing(path).message
  const kind = kinds[issue.expected]
  // Fields with a notation of their own bring their own sentence.
  if (!issue.message.startsWith(untold)) return issue.message
  const what = value === null ? 'nothing is written here' : `${shown(value)} does not belong here`
  return `${what}: write ${kind ?? issue.expected}`
}

function wrongWord(issue: Issue & { readonly code: 'invalid_value' }, root: Located, path: Path): string {
  const value = find(root, path)?.value
  const more = typeof value === 'number' && Number.isInteger(value) && value > 1
  const waiting = laterAt(path, more ? 'more than 1' : shown(value).replaceAll('"', ''))
  if (waiting !== null) return laterSentence(waiting)
  const words = issue.values.map(String)
  const near = typeof value === 'string' && !words.includes(value) ? suggest(value, words) : null
  const mend = near === null ? `write ${words.join(' or ')}` : `did you mean ${near}?`
  return value === null ? `nothing is written here: ${mend}` : `${shown(value)} is none of the words for this: ${mend}`
}

/** What zod is told to say where a field has no words of its own. */
export const untold = 'untold:'
