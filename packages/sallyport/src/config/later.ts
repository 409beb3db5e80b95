/** Keys and values that have their meaning fixed and are not built yet. They are refused like unknown ones, never ignored:
 *  whoever writes a limit must not believe that it holds. A row goes when its key works. */
import type { Path } from './located.ts'

export interface Later {
  /** As it would be written, lists left out: `listeners.proxy`. */
  readonly key: string
  /** The one value that waits; the key itself works. */
  readonly value?: string
  /** What this version does instead. */
  readonly meanwhile: string
}

export const later: readonly Later[] = [
  { key: 'store', meanwhile: 'nothing is kept in a database' },
  { key: 'secrets', meanwhile: 'nothing is signed' },
  { key: 'region', meanwhile: 'edges do not know of each other' },
  { key: 'workers', value: 'more than 1', meanwhile: 'one process serves' },
  { key: 'admin.socket', meanwhile: 'this file and SIGHUP change what runs' },
  { key: 'admin.api', meanwhile: 'this file and SIGHUP change what runs' },
  { key: 'listeners.kind', value: 'private', meanwhile: 'listeners are public' },
  { key: 'listeners.proxy', meanwhile: 'PROXY v2 is not read' },
  { key: 'listeners.clientCertificates', meanwhile: 'clients are not asked for certificates' },
  { key: 'hub', meanwhile: 'no link can dial in' },
  { key: 'services', meanwhile: 'there are no endpoints' },
  { key: 'keys', meanwhile: 'API keys are not told apart' },
  { key: 'limits', meanwhile: 'requests are not counted' },
  { key: 'bindings', meanwhile: 'keys are not bound to where they come from' },
  { key: 'egress', meanwhile: 'nothing is called but the upstreams' },
]

/** The row of a key, and of its value if the key itself is known. */
export function laterAt(path: Path, value?: string): Later | null {
  const key = path.filter((step) => typeof step === 'string').join('.')
  return later.find((row) => row.key === key && row.value === value) ?? null
}

export function laterSentence({ key, value, meanwhile }: Later): string {
  const what = value === undefined ? key : `${key}: ${value}`
  return `"${what}" is not in this version: take it out (${meanwhile})`
}
