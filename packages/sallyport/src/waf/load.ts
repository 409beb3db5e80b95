/** Rule sets from files: `core`, a CRS release, or a file of SecLang; read, put in load order, compiled.
 *  Engine settings are the compiler's own and always come first. */
import { globSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { compile, enableLinearFallback, type Source, type Warning } from '@sallyport/seclang'
import { crsFiles } from './crs.ts'
import { type Exclusion, exclusionSource } from './exclusions.ts'
import type { NamedRuleSet } from './judge.ts'
import { digestOf, type MadeOf, noting, type Reader, stillMadeOf } from './made-of.ts'

/** Which rule set, and what is laid around it. */
export interface RuleSetChoice {
  /** `core`, the directory of an unpacked CRS release, or a file of SecLang. */
  readonly use: string
  readonly mode: 'detect' | 'block'
  /** CRS only: `api` gives its settings the values that APIs need; `stock` leaves it as published. */
  readonly profile: Profile
  /** CRS only: 1 to 4; null: as its set-up says. */
  readonly paranoia: number | null
  /** Files of SecLang around the rules, any kind of rule set. */
  readonly before: readonly string[]
  readonly after: readonly string[]
  /** Scoped exceptions; what is wrong with one is a warning that `excludedAt` finds the place of. */
  readonly exclude?: readonly Exclusion[]
}

export type Profile = 'api' | 'stock'

export interface LoadedRuleSet extends NamedRuleSet {
  /** Not fatal: the caller shows them. */
  readonly warnings: readonly Warning[]
  readonly madeOf: MadeOf
}

/** The rules that come with the program. */
const builtIn: string = join(import.meta.dirname, '../../rules')

/** Reads, and compiles what is not among `before` already, of the same mode and of files with the same content: compiling thousands of rules
 *  holds up everything else for half a second, and what they keep between requests would be lost. Throws `SecLangError` (file, line, column) for a rule that cannot be used, and an `Error` with a
 *  sentence for a file that cannot be read. Sets V8's flags for the whole process, before its first expression. */
export function loadRuleSet(choice: RuleSetChoice, before: readonly LoadedRuleSet[] = []): LoadedRuleSet {
  const sources = sourcesOf(choice)
  const digest = digestOf(choice.mode, sources)
  const known = before.find(({ name, madeOf }) => name === choice.use && stillMadeOf(madeOf, digest, disk))
  if (known !== undefined) return known
  enableLinearFallback()
  const { reads, reader } = noting(disk)
  const { ruleSet, warnings } = compile(sources, {
    mode: choice.mode,
    readFile: (path, from) => reader.readFile(resolve(dirname(from), path)),
    glob: (pattern, from) => reader.glob(resolve(dirname(from), pattern)),
  })
  return Object.freeze({ name: choice.use, ruleSet, warnings, madeOf: { digest, reads } })
}

const disk: Reader = { readFile: readFileSync, glob: files }

function sourcesOf(choice: RuleSetChoice): readonly Source[] {
  const { exclude = [] } = choice
  // In front of all: whatever they take out has not run yet.
  return [...(exclude.length === 0 ? [] : [exclusionSource(exclude)]), ...ruleSources(choice)]
}

function ruleSources(choice: RuleSetChoice): readonly Source[] {
  const around = (files: readonly string[]): readonly Source[] =>
    [...choice.before, ...files, ...choice.after].map(read)
  if (choice.use === 'core') return around(files(join(builtIn, 'core/*.conf')))
  return isDirectory(choice.use) ? crsSources(choice) : around([choice.use])
}

/** Later settings beat earlier ones, and CRS's own defaults yield to all: the profile gives way to whatever the operator
 *  says, in `before` or in the set-up; the paranoia level that was asked for gives way to nothing but plugins. */
function crsSources({ use, profile, paranoia, before, after }: RuleSetChoice): readonly Source[] {
  const { setup, pluginsBefore, rules, pluginsAfter } = crsFiles(use)
  const api = profile === 'api' ? [join(builtIn, 'crs-api/before.conf')] : []
  return [
    ...[...api, ...before, setup].map(read),
    ...(paranoia === null ? [] : [paranoiaSource(paranoia)]),
    ...[...pluginsBefore, ...rules, ...pluginsAfter, ...after].map(read),
  ]
}

/** Rule ids of ours: 9,400,000 to 9,499,999, which neither CRS (900,000 to 999,999) nor its plugins (from 9,500,000) use. */
function paranoiaSource(level: number): Source {
  const text = `SecAction "id:9400000,phase:1,pass,nolog,t:none,\\
  setvar:tx.blocking_paranoia_level=${level},setvar:tx.detection_paranoia_level=${level}"
`
  return { file: `--paranoia ${level}`, text }
}

function files(pattern: string): readonly string[] {
  return globSync(pattern).sort()
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

/** Latin1: rules speak of bytes. */
function read(file: string): Source {
  try {
    return { file, text: readFileSync(file, 'latin1') }
  } catch (error) {
    throw new Error(`cannot read ${file}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`, { cause: error })
  }
}
