import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { asciiLower } from '../ascii.ts'
import { buildAutomaton } from './automaton.ts'
import { clearHits, createHits, hasHit } from './hits.ts'

// Few letters, so that phrases share beginnings and endings, and the bytes that a careless fold would confuse.
const letters = fc.constantFrom('a', 'A', 'a', 'b', 'B', 'b', 'c', '\xe9', '\xc9', '\0')
const text = (lengthMax: number) => fc.string({ unit: letters, maxLength: lengthMax })
const phraseSet = fc
  .uniqueArray(fc.string({ unit: letters, minLength: 1, maxLength: 5 }).map(asciiLower), { maxLength: 12 })
  .filter((phrases) => phrases.length > 0)

test('it finds exactly the phrases that a search for each would find', () => {
  fc.assert(
    fc.property(phraseSet, text(40), (phrases, value) => {
      const found: number[] = []
      buildAutomaton(phrases).scan(value, (phrase) => found.push(phrase))
      const lower = asciiLower(value)
      const expected = phrases.flatMap((phrase, index) => (lower.includes(phrase) ? [index] : []))
      assert.deepEqual(
        found.toSorted((a, b) => a - b),
        expected,
      )
    }),
    { numRuns: 1_000 },
  )
})

test('a phrase is found inside the beginning of a longer one', () => {
  const found: number[] = []
  // After "abc" the automaton has fallen back on "bc", which is no phrase but ends in one.
  buildAutomaton(['abcd', 'bcx', 'c']).scan('abce', (phrase) => found.push(phrase))
  assert.deepEqual(found, [2])
})

test('hits of several values add up until they are cleared', () => {
  fc.assert(
    fc.property(phraseSet, text(20), text(20), (phrases, one, two) => {
      const automaton = buildAutomaton(phrases)
      const hits = createHits(phrases.length)
      automaton.collect(one, hits)
      automaton.collect(two, hits)
      for (const [index, phrase] of phrases.entries()) {
        const expected = asciiLower(one).includes(phrase) || asciiLower(two).includes(phrase)
        assert.equal(hasHit(hits, index), expected)
      }
      assert.equal(hits.count, new Set(hits.list.slice(0, hits.count)).size)
      clearHits(hits)
      assert.ok(hits.bits.every((word) => word === 0))
      assert.equal(hits.count, 0)
    }),
  )
})

test('the first phrase is the one that ends first, and of those the longest, as it stands in the value', () => {
  fc.assert(
    fc.property(phraseSet, text(30), (phrases, value) => {
      const lower = asciiLower(value)
      let expected: string | null = null
      for (let end = 1; end <= value.length && expected === null; end++) {
        const here = phrases.filter((phrase) => lower.slice(0, end).endsWith(phrase))
        const length = Math.max(0, ...here.map((phrase) => phrase.length))
        if (length > 0) expected = value.slice(end - length, end)
      }
      assert.equal(buildAutomaton(phrases).first(value), expected)
    }),
  )
})

test('byte masks are gathered over the whole value, hits or none', () => {
  const masks = new Int32Array(256)
  masks[0x3c] = 1
  masks[0xff] = -0x80000000
  const automaton = buildAutomaton(['script'], masks)
  const hits = createHits(1)
  assert.equal(automaton.collect('plain', hits), 0)
  assert.equal(automaton.collect('a<SCRIPT\xff', hits), 1 | -0x80000000)
  assert.equal(hits.count, 1)
})

test('more than 32 phrases need more than one word of bits', () => {
  const phrases = Array.from({ length: 70 }, (_, index) => `<${index}>`)
  const hits = createHits(phrases.length)
  buildAutomaton(phrases).collect('<0><31><32><69>', hits)
  assert.deepEqual([...hits.list.slice(0, hits.count)], [0, 31, 32, 69])
  assert.ok(hasHit(hits, 31) && hasHit(hits, 32) && !hasHit(hits, 33))
})

test('no phrases at all find nothing', () => {
  const automaton = buildAutomaton([])
  assert.equal(automaton.first('anything'), null)
  automaton.scan('anything', () => assert.fail('there is nothing to find'))
})

test('a list that would confuse the automaton is refused', () => {
  for (const phrases of [['a', 'a'], [''], ['A'], ['\u0161']]) {
    assert.throws(() => buildAutomaton(phrases), RangeError)
  }
})

test('phrases past the bound of the table are refused with what to do', () => {
  // 256 classes, each phrase a branch of its own of 255 states: 300 of them need 19 million cells.
  const branch = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code))
    .join('')
    .replace(/[A-Z]/g, '')
  const phrases = Array.from({ length: 350 }, (_, index) => `${index}:${branch}`)
  assert.throws(() => buildAutomaton(phrases), { name: 'OperatorError', message: /spread them over several rules/ })
})
