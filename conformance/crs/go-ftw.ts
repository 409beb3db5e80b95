/** Reads go-ftw test files (YAML, one file for each rule).
 *
 *  Source: https://github.com/coreruleset/ftw-tests-schema and go-ftw's documentation. Every scalar is read as the text that
 *  stands in the file (`Content-Length: 7` is the text "7"), as go-ftw does with headers; text becomes its UTF-8 bytes. */

import { parse } from 'yaml'
import { bytesOf } from '../bytes.ts'

export interface FtwInput {
  readonly method: string
  readonly uri: string
  readonly version: string
  /** Sorted by name, byte by byte: go-ftw keeps them in a map and sorts. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly data: string
  /** Whether Connection, Content-Length and Content-Type are added where they are missing. */
  readonly autocompleteHeaders: boolean
  /** The whole request as bytes; the fields above then mean nothing. */
  readonly encodedRequest: string | null
}

export interface FtwOutput {
  readonly status: number | null
  readonly expectIds: readonly number[]
  readonly noExpectIds: readonly number[]
  readonly matchRegex: string | null
  readonly noMatchRegex: string | null
  readonly expectError: boolean
  readonly retryOnce: boolean
}

export interface FtwStage {
  readonly input: FtwInput
  readonly output: FtwOutput
}

export interface FtwTest {
  /** Rule and test number: `920100-4`. */
  readonly id: string
  readonly stages: readonly FtwStage[]
}

/** A field that is not listed here could change what the test means: this reader refuses it rather than guess. */
const inputFields = [
  ...(['dest_addr', 'port', 'protocol', 'method', 'uri', 'version', 'headers'] as const),
  ...(['data', 'encoded_data', 'encoded_request', 'autocomplete_headers'] as const),
] as const
const outputFields = ['status', 'log', 'expect_error', 'retry_once'] as const
const logFields = ['expect_ids', 'no_expect_ids', 'match_regex', 'no_match_regex'] as const
const fileFields = ['meta', 'author', 'rule_id', 'tests'] as const
const testFields = ['test_id', 'test_title', 'desc', 'tags', 'stages'] as const
const stageFields = ['description', 'input', 'output'] as const

type Fields<Name extends string> = Readonly<Partial<Record<Name, unknown>>>

function map(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (value === undefined || value === '') return {}
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(`${where}: expected a map`)
  return value as Readonly<Record<string, unknown>>
}

function fields<Name extends string>(value: unknown, where: string, known: readonly Name[]): Fields<Name> {
  const found = map(value, where)
  const unknown = Object.keys(found).find((name) => !(known as readonly string[]).includes(name))
  if (unknown !== undefined) throw new TypeError(`${where}: unknown field "${unknown}"`)
  return found as Fields<Name>
}

function list(value: unknown, where: string): readonly unknown[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw new TypeError(`${where}: expected a list`)
  return value
}

function text(value: unknown, absent: string): string {
  return typeof value === 'string' ? bytesOf(value) : absent
}

function numbers(value: unknown, where: string): readonly number[] {
  return list(value, where).map((item) => {
    const number = Number(item)
    if (!Number.isInteger(number)) throw new TypeError(`${where}: "${String(item)}" is no rule id`)
    return number
  })
}

/** `{{ "x" | repeat 9 }}`: the only Go template in use; go-ftw runs `data` through Go's template engine. */
const repeatTemplate = /\{\{ *"([^"\\]*)" *\| *repeat +(\d+) *\}\}/g

function expandTemplate(data: string, where: string): string {
  const expanded = data.replace(repeatTemplate, (_, word: string, times: string) => word.repeat(Number(times)))
  if (expanded.includes('{{')) throw new TypeError(`${where}: a template that is not {{ "text" | repeat N }}`)
  return expanded
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function readInput(value: unknown, where: string): FtwInput {
  const input = fields(value, where, inputFields)
  const headers = Object.entries(map(input.headers, `${where}, headers`))
  const encoded = input.encoded_request
  const data = input.data
  return {
    method: text(input.method, 'GET'),
    uri: text(input.uri, '/'),
    version: text(input.version, 'HTTP/1.1'),
    headers: headers.map(([name, content]) => [bytesOf(name), text(content, '')] as const).sort(byName),
    data:
      data === undefined
        ? Buffer.from(text(input.encoded_data, ''), 'base64').toString('latin1')
        : expandTemplate(text(data, ''), where),
    autocompleteHeaders: input.autocomplete_headers !== 'false',
    encodedRequest: typeof encoded === 'string' ? Buffer.from(encoded, 'base64').toString('latin1') : null,
  }
}

function readOutput(value: unknown, where: string): FtwOutput {
  const output = fields(value, where, outputFields)
  const log = fields(output.log, `${where}, log`, logFields)
  const { match_regex: match, no_match_regex: noMatch } = log
  return {
    status: output.status === undefined ? null : Number(output.status),
    expectIds: numbers(log.expect_ids, where),
    noExpectIds: numbers(log.no_expect_ids, where),
    matchRegex: typeof match === 'string' ? bytesOf(match) : null,
    noMatchRegex: typeof noMatch === 'string' ? bytesOf(noMatch) : null,
    expectError: output.expect_error === 'true',
    retryOnce: output.retry_once === 'true',
  }
}

/** The tests of one file; none where it holds comments only. Throws TypeError, with the file and the test, where the file is
 *  not of the known form, and YAMLParseError where it is no YAML. */
export function readFtwFile(yaml: string, fileName: string): readonly FtwTest[] {
  const document: unknown = parse(yaml, { schema: 'failsafe', logLevel: 'silent' })
  if (document === null || document === undefined || document === '') return []
  const file = fields(document, fileName, fileFields)
  const rule = typeof file.rule_id === 'string' ? file.rule_id : (/\d+/.exec(fileName)?.[0] ?? fileName)
  return list(file.tests, fileName).map((value, index) => {
    const test = fields(value, `${fileName}, test ${index + 1}`, testFields)
    const id = `${rule}-${text(test.test_id, String(index + 1))}`
    const stages = list(test.stages, id).map((stageValue) => {
      const stage = fields(stageValue, id, stageFields)
      return { input: readInput(stage.input, id), output: readOutput(stage.output, id) }
    })
    return { id, stages }
  })
}
