/** What the core rules refuse and what they let pass: cases/*.txt, a file for each file of rules, judged by the engine. */

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileCore, files, judge, percent, places } from './core.fixture.ts'

interface Case {
  readonly of: string
  /** The rule that must match; null: none may. */
  readonly rule: number | null
  readonly place: string
  readonly text: string
}

const attacksMin = 8
const benignMin = 8

const detecting = compileCore('detect')
const blocking = compileCore('block')

const pictures: Readonly<Record<string, string>> = { '␍': '\r', '␊': '\n', '␀': '\0', '␉': '\t' }

const caseFiles = readdirSync(join(import.meta.dirname, 'cases')).sort()
const cases: readonly Case[] = caseFiles.flatMap((name) =>
  readFileSync(join(import.meta.dirname, 'cases', name), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => readCase(name.replace('.txt', ''), line)),
)

function readCase(of: string, line: string): Case {
  const [, expected, place, text] = /^(pass|\d+) (\w+) (.*)$/s.exec(line) ?? []
  if (expected === undefined || place === undefined || text === undefined) throw new Error(`no case: ${line}`)
  if (!Object.hasOwn(places, place)) throw new Error(`no place "${place}": ${line}`)
  const bytes = Buffer.from(text.replace(/[␍␊␀␉]/g, (picture) => pictures[picture] ?? picture)).toString('latin1')
  return { of, rule: expected === 'pass' ? null : Number(expected), place, text: bytes }
}

const attacks = cases.filter(({ rule }) => rule !== null)
const benign = cases.filter(({ rule }) => rule === null)

const idsOf = (place: string, text: string): readonly number[] => {
  const ask = places[place]
  assert.ok(ask !== undefined)
  return judge(detecting.ruleSet, ask(text)).matches.map(({ id }) => id)
}

const statusOf = (place: string, text: string): number | null => {
  const ask = places[place]
  assert.ok(ask !== undefined)
  return judge(blocking.ruleSet, ask(text)).status
}

const told = ({ rule, place, text }: Case): string => `${rule ?? 'pass'} ${place} ${JSON.stringify(text)}`

test('core compiles without a warning, so that every expression takes linear time', () => {
  assert.deepEqual(detecting.warnings, [])
})

test('core has cases for each of its files, and files for all cases', () => {
  assert.deepEqual(
    caseFiles.map((name) => name.replace('.txt', '.conf')),
    files.map(({ file }) => file),
  )
})

for (const name of new Set(cases.map(({ of }) => of))) {
  test(`core refuses the attacks of ${name}, each by the rule that is meant`, () => {
    const own = attacks.filter(({ of }) => of === name)
    const missed = own.filter(({ rule, place, text }) => !idsOf(place, text).includes(rule as number))
    assert.deepEqual(missed.map(told), [])
    const status = name === '95-answers' ? 502 : 403
    assert.deepEqual(own.filter(({ place, text }) => statusOf(place, text) !== status).map(told), [])
    assert.ok(own.length >= attacksMin, `${own.length} attacks`)
  })

  test(`core lets what is like the attacks of ${name} pass`, () => {
    const own = benign.filter(({ of }) => of === name)
    const refused = own.flatMap((one) => {
      const ids = idsOf(one.place, one.text)
      return ids.length === 0 && statusOf(one.place, one.text) === null ? [] : [`${ids}: ${told(one)}`]
    })
    assert.deepEqual(refused, [])
    assert.ok(own.length >= benignMin, `${own.length} benign cases`)
  })
}

test('core lets every benign text pass in every place that may hold a text', () => {
  const texts = benign.filter(({ place }) => ['json', 'query', 'form', 'xml'].includes(place))
  const refused = texts.flatMap((one) =>
    ['json', 'query', 'form', 'xml', 'text', 'body'].flatMap((place) => {
      const ids = idsOf(place, place === 'body' ? JSON.stringify([{ memo: one.text }]) : one.text)
      return ids.length === 0 ? [] : [`${ids}: ${place}: ${told(one)}`]
    }),
  )
  assert.deepEqual(refused, [])
})

test('core has no rule that no case hits', () => {
  const hit = new Set(attacks.map(({ rule }) => rule))
  assert.deepEqual(
    denying().filter((id) => !hit.has(id)),
    [],
  )
  assert.ok(denying().length > 0)
})

test('core names class, severity and message in every match', () => {
  const matches = attacks.flatMap(({ place, text }) => {
    const ask = places[place]
    return ask === undefined ? [] : judge(detecting.ruleSet, ask(text)).matches
  })
  for (const { id, tags, severity, message } of matches) {
    assert.ok(tags.includes('sallyport/core') && tags.some((tag) => tag.startsWith('attack-')), `tags of ${id}`)
    assert.ok(severity !== null && message !== '', `severity and message of ${id}`)
    assert.ok(id >= 1_000_000 && id <= 1_099_999, `id ${id}`)
  }
})

test('core sees through one more layer of percent-encoding', () => {
  const passed = attacks.filter(
    ({ of, place, text }) =>
      ['query', 'form'].includes(place) && !of.startsWith('90') && idsOf(place, percent(text)).length === 0,
  )
  assert.deepEqual(passed.map(told), [])
})

test('core takes letters of either case for the same', () => {
  const plain = attacks.filter(
    // An escape such as \\u003c has its letter in one case only.
    ({ of, place, text }) =>
      /^(?:30|40|50|70|80|81)/.test(of) && ['query', 'json', 'form'].includes(place) && !text.includes('\\'),
  )
  fc.assert(
    fc.property(fc.constantFrom(...plain), fc.infiniteStream(fc.boolean()), ({ place, text }, coins) => {
      const turned = text.replace(/[a-z]/gi, (letter) =>
        coins.next().value ? letter.toUpperCase() : letter.toLowerCase(),
      )
      assert.notDeepEqual(idsOf(place, turned), [], JSON.stringify(turned))
    }),
  )
})

test('core is not blinded by a NUL between the letters', () => {
  const plain = attacks.filter(({ of, place }) => /^(?:30|40|50|60|70)/.test(of) && place === 'query')
  fc.assert(
    fc.property(fc.constantFrom(...plain), fc.nat(), ({ text }, where) => {
      const at = where % text.length
      assert.notDeepEqual(idsOf('query', `${text.slice(0, at)}\0${text.slice(at)}`), [])
    }),
  )
})

test('core gives a verdict on arbitrary bytes in every place', () => {
  const bytes = fc.array(fc.nat(0xff), { maxLength: 200 }).map((codes) => String.fromCharCode(...codes))
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(places)), bytes, (place, text) => {
      const status = statusOf(place, text)
      assert.ok(status === null || [400, 403, 502].includes(status))
    }),
  )
})
/** Ids of the rules that refuse, read from the files themselves. */
function denying(): readonly number[] {
  return files.flatMap(({ text }) =>
    [...text.matchAll(/"id:(\d+),[^"]*"/g)]
      .filter(([actions]) => actions.includes(',deny,'))
      .map(([, id]) => Number(id)),
  )
}
