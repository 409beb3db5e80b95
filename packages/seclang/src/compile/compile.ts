/** From rule files to a rule set: parse, assemble, fold, make code. */

import { type EngineSettings, engineSettings } from '../engine-settings.ts'
import { OperatorError } from '../operators/operator.ts'
import { parse } from '../parse/parse.ts'
import { type Directive, type Position, SecLangError } from '../parse/syntax.ts'
import { createPersistentStore } from '../persistent.ts'
import { type Prefilter, type PrefilterPlan, planPrefilter } from '../prefilter.ts'
import type { CompiledRule, Program } from '../rule-set.ts'
import { linearFallbackEnabled } from '../rx/linear.ts'
import type { Mode, Phase } from '../state.ts'
import { assemble } from './assemble.ts'
import { type CompileContext, planTxLayout } from './context.ts'
import type { Item, RuleDefinition, Warn, Warning } from './definition.ts'
import { describeRules, type RuleDescription } from './describe.ts'
import { type Folded, fold, type KeptRule, keepAll, phases } from './fold.ts'
import { watchesMatches } from './reads.ts'
import { removalsOf } from './removals.ts'
import { checkRule, compileRule } from './rule.ts'
import { readSettings } from './settings.ts'
import { withUnicodeMap } from './unicode.ts'

/** One rule file; `text` is latin1 (`Buffer.latin1Slice`). */
export interface Source {
  readonly file: string
  readonly text: string
}

export interface CompileOptions {
  /** The bytes of a file named by a rule or an Include; throws if it cannot be read. Relative paths are relative to the naming file: `from`. */
  readonly readFile: (path: string, from: string) => Uint8Array
  /** Files that match a pattern of an Include, sorted; only `Include` with `*` or `?` needs it. */
  readonly glob?: (pattern: string, from: string) => readonly string[]
  /** For @geoLookup: what is known of an address (`COUNTRY_CODE` and the like), or null. */
  readonly geo?: (address: string) => Readonly<Record<string, string>> | null
  /** Beats SecRuleEngine. Default `block`. */
  readonly mode?: Mode
  /** Default `strict`: a body that its processor cannot parse is refused with 400. */
  readonly engineSettings?: EngineSettings
  /** Default true. False runs every rule on every value; the verdicts are the same. */
  readonly prefilter?: boolean
}

export interface Compiled {
  readonly program: Program
  readonly descriptions: ReadonlyMap<number, RuleDescription>
  readonly warnings: readonly Warning[]
}

/** For tests alone: what must make no difference, and is proven to make none. */
export interface InternalOptions {
  /** False: every rule runs as written (fold.ts). */
  readonly fold: boolean
}

/** Throws `SecLangError` with file, line, column and reason for the first thing that cannot be used. */
export function compileProgram(
  sources: readonly Source[],
  options: CompileOptions,
  internal: InternalOptions = { fold: true },
): Compiled {
  const warnings: Warning[] = []
  const warn: Warn = (warning) => {
    warnings.push(warning)
  }
  const mode = options.mode ?? 'block'
  const all = [engineSettings(options.engineSettings ?? 'strict'), ...sources]
  const directives = all.flatMap((source) => parseSource(source, options, warn))
  const assembled = assemble(directives, warn)
  const items = withUnicodeMap(assembled.items, assembled.settings, (path, { at }) => latin1(read(path, at, options)))
  const rules = items.flatMap((item) => (item.kind === 'rule' ? [item.rule] : []))
  const layout = planTxLayout()
  const prefilter = options.prefilter === false ? null : planPrefilter()
  const context: CompileContext = {
    warn,
    operatorContextAt: (at) => ({
      // Operators say themselves what cannot be read.
      readFile: (path) => options.readFile(path, at.file),
      geo: options.geo ?? null,
    }),
    prefilter,
    rules,
    watchesMatches: rules.some(watchesMatches),
    slotOf: layout.slotOf,
  }
  warnOfMissingMarkers(items, warn)
  if (!linearFallbackEnabled()) warn({ at: null, word: 'enableLinearFallback', reason: noFallback })
  const folded = internal.fold ? fold(items, removalsOf(rules), context) : keepAll(items, context)
  const program = (phase: Phase): readonly CompiledRule[] => compilePhase(folded.phases.get(phase) ?? [], context)
  const compiled = Object.fromEntries(phases.map((phase) => [phase, program(phase)])) as Record<
    Phase,
    readonly CompiledRule[]
  >
  checkDropped(rules, folded, context)
  const { responseTypes, collectionSeconds } = readSettings(assembled.settings, mode, warn)
  return {
    warnings,
    descriptions: describeRules(rules),
    program: {
      phases: compiled,
      ruleCount: rules.length,
      layout: layout.build(folded.initial),
      prefilter: buildPrefilter(prefilter, warn),
      mode,
      persistent: createPersistentStore(collectionSeconds),
      responseTypes,
    },
  }
}

function compilePhase(kept: readonly KeptRule[], context: CompileContext): readonly CompiledRule[] {
  return kept.map((rule) => compileRule(rule, jumpOf(rule, kept), context))
}

/** The first kept rule at or behind the target; the phase's end where none is. */
function jumpOf({ target }: KeptRule, kept: readonly KeptRule[]): number {
  if (target === null) return -1
  const index = kept.findIndex(({ place }) => place >= target)
  return index === -1 ? kept.length : index
}

const noFallback =
  'the time of expressions has no bound in this process: call enableLinearFallback() before anything is compiled'

/** A rule that folding leaves out is as wrong as any other: a paranoia level must not hide an unknown word. */
function checkDropped(rules: readonly RuleDefinition[], { phases }: Folded, context: CompileContext): void {
  const run = new Set([...phases.values()].flat().map(({ number }) => number))
  for (const [number, rule] of rules.entries()) if (!run.has(number)) checkRule(rule, context)
}

/** More literals than an automaton may hold cost speed, not rules. */
function buildPrefilter(plan: PrefilterPlan | null, warn: Warn): Prefilter | null {
  try {
    return plan?.build() ?? null
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    warn({ at: null, word: 'prefilter', reason: `every rule runs on every value: ${error.message}` })
    return null
  }
}

/** ModSecurity then skips the rest of the phase; so do we, but nobody means it. */
function warnOfMissingMarkers(items: readonly Item[], warn: Warn): void {
  const later = new Set<string>()
  const missing: RuleDefinition[] = []
  for (const item of items.toReversed()) {
    if (item.kind === 'marker') later.add(item.label)
    else if (item.rule.skipAfter !== null && !later.has(item.rule.skipAfter)) missing.unshift(item.rule)
  }
  for (const { at, id, skipAfter } of missing) {
    const reason = `rule ${id} skips to a marker that does not come after it, and so to the end of its phase`
    warn({ at, word: skipAfter as string, reason })
  }
}

function parseSource(source: Source, options: CompileOptions, warn: Warn): readonly Directive[] {
  return parse(source.text, source.file, {
    warn,
    include: (pattern, at) => {
      const globbed = /[*?[]/.test(pattern)
      if (globbed && options.glob === undefined)
        throw new SecLangError(at, pattern, `Include "${pattern}": no way to list files was given`)
      const files = globbed ? (options.glob?.(pattern, at.file) ?? []) : [pattern]
      return files.map((file) => ({ file, text: latin1(read(file, at, options)) }))
    },
  })
}

function read(path: string, at: Position, options: CompileOptions): Uint8Array {
  try {
    return options.readFile(path, at.file)
  } catch (error) {
    throw new SecLangError(at, path, `cannot read "${path}": ${(error as Error).message}`, { cause: error })
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
