/** Exclusions of the configuration as SecLang of ours, laid in front of a rule set: each takes rules, or one target of them, out of the rest of the
 *  transaction, under its path. The rules themselves stay as they are. */
import type { Source, Warning } from '@sallyport/seclang'

export interface Exclusion {
  /** Ids. */
  readonly rules: readonly number[]
  /** Null: the rules do not run. */
  readonly target: string | null
  /** A prefix of the path. Null: everywhere. */
  readonly path: string | null
}

/** What messages call the generated rules. */
const file = '(exclusions)'
/** Of our range, 9,400,000 to 9,499,999; the first hundred are for settings. */
const firstId = 9_400_100
const exclusionsMax = 10_000
/** What stands in an operator's argument for itself: no quote, backslash, macro or blank. */
const plainPath = /^[A-Za-z0-9/._~!$&()*+;=:@-]*$/
/** A backslash would escape the quote behind it; the other characters end an action or the list of them. */
const unwritable = /[\\"',|\0-\x1f\x7f]/

/** One line an exclusion, in order, all in phase 1, before any rule. Throws a sentence for what cannot be written as a rule. */
export function exclusionSource(exclusions: readonly Exclusion[]): Source {
  if (exclusions.length > exclusionsMax) throw new Error(`more than ${exclusionsMax} exclusions: name a wider path`)
  return { file, text: exclusions.map(ruleOf).join('') }
}

/** The exclusion, by its place, that a warning or error of the compiler is about; null: none. */
export function excludedAt({ at }: Pick<Warning, 'at'>): number | null {
  return at?.file === file ? at.line - 1 : null
}

function ruleOf({ rules, target, path }: Exclusion, index: number): string {
  const controls = rules.map((id) => `ctl:${control(id, target)}`)
  const actions = `"id:${firstId + index},phase:1,pass,nolog,t:none,${controls.join(',')}"`
  return path === null ? `SecAction ${actions}\n` : `SecRule REQUEST_FILENAME "${operator(path)}" ${actions}\n`
}

function control(id: number, target: string | null): string {
  if (target === null) return `ruleRemoveById=${id}`
  if (unwritable.test(target))
    throw new Error(`${JSON.stringify(target)} cannot be a target of an exclusion: use a plain name`)
  // Rules speak of bytes: a name outside of ASCII is what clients send in UTF-8.
  return `ruleRemoveTargetById=${id};${Buffer.from(target, 'utf8').toString('latin1')}`
}

/** Spelled out in hexadecimal where a character could mean something to the language. */
function operator(path: string): string {
  if (plainPath.test(path)) return `@beginsWith ${path}`
  const bytes = [...Buffer.from(path, 'latin1')].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`)
  return `@rx ^${bytes.join('')}`
}
