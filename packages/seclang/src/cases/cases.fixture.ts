/** Runs cases that are data: rules, requests, and what must come of them, the same under every engine. */

import assert from 'node:assert/strict'
import { type Compiled, type CompileOptions, compileProgram, type InternalOptions } from '../compile/compile.ts'
import { Exchange, type ExchangeBounds, type Header, type Refusal } from '../exchange.ts'
import type { Match } from '../match.ts'
import { SecLangError } from '../parse/syntax.ts'
import { enableLinearFallback } from '../rx/linear.ts'
import type { Mode } from '../state.ts'
import { type Interruption, Transaction } from '../transaction.ts'

export interface CaseRequest {
  /** Default GET. */
  readonly method?: string
  /** Default `/`. */
  readonly target?: string
  readonly protocol?: string
  readonly headers?: readonly Header[]
  /** Latin1. Absent: the request has no body. */
  readonly body?: string
  readonly address?: string
  readonly response?: { readonly status?: number; readonly headers?: readonly Header[]; readonly body?: string }
}

/** What is not named here is not compared, except `warnings`: those not named must not be. */
export interface Expectation {
  /** Ids of logging rules that matched, in order. */
  readonly rules?: readonly number[]
  /** Each match, in order, by the fields that are named. */
  readonly matches?: readonly Partial<Match>[]
  /** In mode `block`; in mode `detect` the same must be `detected`, and nothing interrupted. Default: none. */
  readonly interruption?: Partial<Interruption> | null
  /** Null: must be unset. */
  readonly tx?: Readonly<Record<string, string | null>>
  readonly refusal?: Refusal | null
}

export interface Case {
  readonly name: string
  /** Lines of `test.conf`. */
  readonly rules: readonly string[]
  /** Files that rules name. */
  readonly files?: Readonly<Record<string, string>>
  readonly settings?: 'strict' | 'conformance'
  readonly bounds?: Partial<ExchangeBounds>
  /** Only in these, with the reason. */
  readonly modes?: readonly [why: string, ...modes: Mode[]]
  /** Several: one after the other over the same rule set. */
  readonly request?: CaseRequest | readonly CaseRequest[]
  readonly expect?: Expectation | readonly Expectation[]
  /** Where it differs in mode `detect`, since nothing is interrupted there. */
  readonly detect?: Expectation | readonly Expectation[]
  /** `line:column: [word] reason`, in order. */
  readonly warnings?: readonly string[]
  /** The whole message of the error that compiling throws, and the word. */
  readonly error?: readonly [message: string, word: string]
}

/** One way to compile; all must agree. */
export interface Engine {
  readonly mode: Mode
  readonly prefilter: boolean
  readonly fold: boolean
}

export function enginesOf({ modes }: Case): readonly Engine[] {
  const [, ...chosen] = modes ?? ['all', 'block' as const, 'detect' as const]
  return chosen.flatMap((mode) => [
    { mode, prefilter: true, fold: true },
    { mode, prefilter: false, fold: true },
    { mode, prefilter: true, fold: false },
    { mode, prefilter: false, fold: false },
  ])
}

/** Compiles one file `test.conf`; the rule set is frozen, so that a write to it while it judges is an exception. */
export function compileText(
  text: string,
  options: Partial<CompileOptions> & { readonly files?: Readonly<Record<string, string>> } = {},
  internal: InternalOptions = { fold: true },
): Compiled {
  enableLinearFallback()
  const { files = {}, ...rest } = options
  const compiled = compileProgram(
    [{ file: 'test.conf', text }],
    {
      readFile: (path) => {
        const content = Object.hasOwn(files, path) ? files[path] : undefined
        if (content === undefined) throw new Error('no such file')
        return Buffer.from(content, 'latin1')
      },
      ...rest,
    },
    internal,
  )
  deepFreeze(compiled.program)
  return compiled
}

/** Freezes everything that can be reached; contents of typed arrays, maps and sets cannot be frozen. */
function deepFreeze(value: unknown, seen: Set<unknown> = new Set()): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || seen.has(value)) return
  seen.add(value)
  Object.freeze(value)
  for (const part of Object.values(value)) deepFreeze(part, seen)
  if (value instanceof Map) for (const [key, part] of value) for (const one of [key, part]) deepFreeze(one, seen)
}

const server = { address: '192.0.2.1', port: 443 }

/** Every phase is asked for, whatever the one before said: the engine itself has to stop. */
export function judge(
  compiled: Compiled,
  request: CaseRequest = {},
  bounds: Partial<ExchangeBounds> = {},
): { readonly transaction: Transaction; readonly exchange: Exchange } {
  const { method = 'GET', target = '/', protocol = 'HTTP/1.1', headers = [], body, address = '198.51.100.7' } = request
  const client = { address, port: 4711 }
  const exchange = new Exchange({ id: 'id-1', client, server, method, target, protocol, headers }, bounds)
  const transaction = new Transaction(compiled.program, exchange)
  transaction.requestHeaders()
  if (body !== undefined) exchange.receiveBody(Buffer.from(body, 'latin1'))
  transaction.requestBody()
  const { response } = request
  if (response !== undefined) {
    exchange.receiveResponse({ status: response.status ?? 200, protocol, headers: response.headers ?? [] })
    transaction.responseHeaders()
    if (response.body !== undefined) exchange.receiveResponseBody(Buffer.from(response.body, 'latin1'))
    transaction.responseBody()
  }
  transaction.finish()
  return { transaction, exchange }
}

export function runCase(one: Case, engine: Engine): void {
  const options = {
    ...engine,
    ...(one.files === undefined ? {} : { files: one.files }),
    engineSettings: one.settings ?? ('conformance' as const),
  }
  if (one.error !== undefined) {
    const [message, word] = one.error
    assert.throws(
      () => compileText(one.rules.join('\n'), options, engine),
      (error: unknown) => {
        assert.ok(error instanceof SecLangError, String(error))
        assert.deepEqual([error.message, error.word], [message, word])
        return true
      },
    )
    return
  }
  const compiled = compileText(one.rules.join('\n'), options, engine)
  const warnings = compiled.warnings.map(
    ({ at, word, reason }) => `${at === null ? 'nowhere' : `${at.line}:${at.column}`}: [${word}] ${reason}`,
  )
  assert.deepEqual(warnings, one.warnings ?? [])
  const requests = listOf(one.request ?? {})
  const detect = engine.mode === 'detect' && one.detect !== undefined
  const expectations = listOf(detect ? one.detect : (one.expect ?? {}))
  assert.ok(one.warnings !== undefined || one.expect !== undefined, 'the case expects nothing')
  if (one.expect === undefined) return
  assert.equal(requests.length, expectations.length, 'one expectation a request')
  for (const [index, request] of requests.entries()) {
    check(judge(compiled, request, one.bounds), expectations[index] as Expectation, engine)
  }
}

function listOf<Item extends object>(items: Item | readonly Item[]): readonly Item[] {
  return Array.isArray(items) ? items : [items as Item]
}

function check(
  { transaction, exchange }: { readonly transaction: Transaction; readonly exchange: Exchange },
  expectation: Expectation,
  { mode }: Engine,
): void {
  const { interruption: wanted = null, rules, matches, tx = {}, refusal } = expectation
  const [came, other] =
    mode === 'block'
      ? [transaction.interruption, transaction.detected]
      : [transaction.detected, transaction.interruption]
  assert.deepEqual(came === null ? null : fieldsOf(came, wanted ?? came), wanted, 'interruption')
  assert.equal(other, null, 'an interruption in the wrong mode')
  if (rules !== undefined) assert.deepEqual([...transaction.matchedRules], rules, 'rules')
  if (matches !== undefined) {
    assert.deepEqual(
      transaction.matches.map((match, index) => fieldsOf(match, matches[index] ?? match)),
      matches,
    )
  }
  for (const [name, value] of Object.entries(tx)) {
    const found = transaction.readTx(name)
    assert.equal(found === undefined ? null : String(found), value, `tx.${name}`)
  }
  if (refusal !== undefined) assert.deepEqual(exchange.refusal, refusal)
}

function fieldsOf<Whole extends object>(whole: Whole, named: Partial<Whole>): Partial<Whole> {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => Object.hasOwn(named, name))) as Partial<Whole>
}
