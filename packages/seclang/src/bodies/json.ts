import { jsonNamesBytesMax } from '../bounds.ts'
import type { Argument, BodyBounds, BodyProcessor } from './body.ts'
import { refusesCharset } from './charset.ts'
import { isCutScalar, type JsonCursor, readCutString, readNumber, readString, skipSpace } from './json-tokens.ts'
import { parsedBody } from './parsed-body.ts'

/** `application/json`, strict per RFC 8259: what lenient parsers read differently (comments, NaN, single quotes, a byte order mark,
 *  trailing commas or bytes) is an error. Duplicate keys are both kept, since parsers differ on which one counts.
 *
 *  Names are ModSecurity 3's, which CRS's exclusions and tests expect: `json`, `json.key`, `json.list.array_0.key` (Coraza
 *  says `json.list.0.key`), `empty-key` for "". Numbers stay as written, null is the empty string. One difference: an empty
 *  object or array under a key yields the key with an empty value, because names are inspected only as names of values.
 *
 *  Iterative (no depth of input is depth of stack) and linear. An empty body is no error: requests without one carry the type too. */
export const json: BodyProcessor = (body, contentType, bounds, isCut = false) => {
  if (body === '') return parsedBody({})
  const reading: Reading = {
    text: body,
    at: 0,
    args: [],
    nameBytes: 0,
    overBound: false,
    bounds,
    wants: null,
    wantsFor: '',
  }
  const charset = refusesCharset(contentType) ? 'charset is not a superset of ASCII' : null
  const problem = readDocument(reading)
  const error = (isCut && problem !== null ? cutProblem(reading, problem) : problem) ?? charset
  return parsedBody({
    args: reading.args,
    error: error === null ? null : `JSON parsing error: ${error}`,
    overBound: reading.overBound,
  })
}

interface Reading extends JsonCursor {
  readonly args: Argument[]
  nameBytes: number
  overBound: boolean
  readonly bounds: BodyBounds
  /** What the grammar wants where reading stopped, and of which name; null: it stopped for another reason, such as a bound. */
  wants: 'value' | 'key' | 'sign' | null
  wantsFor: string
}

interface Container {
  readonly name: string
  /** Code of the bracket that ends it. */
  readonly close: number
  index: number
}

const closeArray = 0x5d
const closeObject = 0x7d

/** Reads the whole text; returns what is wrong with it, or null. */
function readDocument(reading: Reading): string | null {
  const open: Container[] = []
  let name = 'json'
  for (;;) {
    skipSpace(reading)
    const close = closerOf(reading.text.charCodeAt(reading.at))
    if (close === null) {
      const problem = readScalar(reading, name)
      if (problem !== null) return problem
    } else {
      reading.wants = null
      if (open.length >= reading.bounds.depthMax) return `more than ${reading.bounds.depthMax} levels`
      reading.at += 1
      skipSpace(reading)
      if (reading.text.charCodeAt(reading.at) !== close) {
        const container: Container = { name, close, index: 0 }
        open.push(container)
        const next = memberName(reading, container)
        if (next === null) return wrongAt(reading, 'a member name')
        name = next
        continue
      }
      reading.at += 1
      const problem = open.at(-1)?.close === closeObject ? add(reading, name, '') : null
      if (problem !== null) return problem
    }
    const next = nextName(reading, open)
    if (next === null) return open.length > 0 ? wrongAt(reading, 'a comma, a name or an end') : endOf(reading)
    name = next
  }
}

/** What is wrong with a text that is cut: nothing, if it stopped at its end. The value or name that it broke off in is taken as far as it goes. */
function cutProblem(reading: Reading, problem: string): string | null {
  const { text, at, wants, wantsFor } = reading
  if (wants === null) return problem
  if (at >= text.length) return null
  const begun = wants === 'sign' ? null : readCutString(reading)
  if (begun !== null)
    return wants === 'value' ? add(reading, wantsFor, begun) : add(reading, `${wantsFor}.${begun}`, '')
  return wants === 'value' && isCutScalar(reading, spellings) ? add(reading, wantsFor, text.slice(at)) : problem
}

/** After a value: closes what ends here and returns the name of the next value; null at the end of the text or where none follows. */
function nextName(reading: Reading, open: Container[]): string | null {
  for (let inner = open.at(-1); inner !== undefined; inner = open.at(-1)) {
    skipSpace(reading)
    const code = reading.text.charCodeAt(reading.at)
    reading.wants = 'sign'
    reading.wantsFor = inner.name
    if (code !== 0x2c && code !== inner.close) return null
    reading.at += 1
    if (code === 0x2c) return memberName(reading, inner)
    open.pop()
  }
  return null
}

/** The name of the next element or member of `container`; null where a member's name or colon is missing. */
function memberName(reading: Reading, container: Container): string | null {
  if (container.close === closeArray) return `${container.name}.array_${container.index++}`
  skipSpace(reading)
  reading.wants = 'key'
  reading.wantsFor = container.name
  const key = readString(reading)
  if (key !== null) reading.wants = 'sign'
  skipSpace(reading)
  if (key === null || reading.text.charCodeAt(reading.at) !== 0x3a) return null
  reading.at += 1
  return `${container.name}.${key === '' ? 'empty-key' : key}`
}

function closerOf(code: number): number | null {
  if (code === 0x7b) return closeObject
  return code === 0x5b ? closeArray : null
}

const words: readonly (readonly [string, string])[] = [
  ['true', 'true'],
  ['false', 'false'],
  ['null', ''],
]

const spellings = words.map(([spelling]) => spelling)

function readScalar(reading: Reading, name: string): string | null {
  const { text, at } = reading
  reading.wants = 'value'
  reading.wantsFor = name
  if (text.charCodeAt(at) === 0x22) {
    const value = readString(reading)
    return value === null ? wrongAt(reading, 'a well-formed string') : add(reading, name, value)
  }
  const word = words.find(([spelling]) => text.startsWith(spelling, at))
  if (word !== undefined) {
    reading.at += word[0].length
    return add(reading, name, word[1])
  }
  const number = readNumber(reading)
  return number === null ? wrongAt(reading, 'a value') : add(reading, name, number)
}

function add(reading: Reading, name: string, value: string): string | null {
  const { args, bounds } = reading
  reading.wants = null
  if (args.length >= bounds.valuesMax) {
    reading.overBound = true
    return `more than ${bounds.valuesMax} values`
  }
  reading.nameBytes += name.length
  if (reading.nameBytes > jsonNamesBytesMax) return `names of more than ${jsonNamesBytesMax} bytes together`
  args.push({ name, value })
  return null
}

function endOf(reading: Reading): string | null {
  skipSpace(reading)
  return reading.at === reading.text.length ? null : wrongAt(reading, 'the end')
}

function wrongAt(reading: Reading, expected: string): string {
  return `expected ${expected} at byte ${reading.at}`
}
