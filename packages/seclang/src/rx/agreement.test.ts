import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import fc from 'fast-check'
import { type CompiledRegex, compileRegex } from './compile.ts'
import { enableLinearFallback, linearEngineAccepts } from './linear.ts'
import { requiredLiterals } from './literals.ts'
import { matchTree } from './matcher.fixture.ts'
import { contains, matchesEmpty, minimumLength } from './measure.ts'
import { patterns, sampleOf, values } from './patterns.fixture.ts'
import { type Node, RegexError, type RegexOptions } from './syntax.ts'

const stepsMax = 20_000

enableLinearFallback()

interface Case {
  readonly pattern: string
  readonly options: RegexOptions
  readonly compiled: CompiledRegex
  readonly value: string
}

const compileOrNull = (pattern: string, options: RegexOptions): CompiledRegex | null => {
  try {
    return compileRegex(pattern, options)
  } catch (error) {
    if (error instanceof RegexError) return null
    throw error
  }
}

const chooser = (seeds: readonly number[]): ((below: number) => number) => {
  let at = 0
  return (below) => (below === 0 ? 0 : (seeds[at++ % seeds.length] as number) % below)
}

const cases: fc.Arbitrary<Case> = fc
  .record({
    pattern: patterns,
    options: fc.record({ dotAll: fc.boolean(), multiline: fc.boolean(), ignoreCase: fc.boolean() }),
    around: fc.tuple(values, values),
    sampled: fc.boolean(),
    seeds: fc.array(fc.nat(), { minLength: 5, maxLength: 20 }),
  })
  .map(({ pattern, options, around, sampled, seeds }) => {
    const compiled = compileOrNull(pattern, options)
    const [before, after] = around
    const middle = compiled !== null && sampled ? sampleOf(compiled.tree.root, chooser(seeds)) : ''
    return { pattern, options, compiled, value: before + middle + after }
  })
  .filter((drawn): drawn is Case => drawn.compiled !== null)

const isLoopOverNothing = (node: Node): boolean => node.kind === 'repeat' && node.max > 1 && matchesEmpty(node.body)

/** V8 tries ways on nothing that PCRE's order never reaches; only its linear engine does so in bounded time. */
const mayExplode = ({ linear, tree }: CompiledRegex): boolean =>
  linear !== true && contains(tree.root, isLoopOverNothing)

/** Loops in which JavaScript and PCRE are known to read other captures. */
const capturesDiffer = (root: Node): boolean =>
  contains(
    root,
    (node) =>
      isLoopOverNothing(node) ||
      (node.kind === 'repeat' && node.max > 1 && contains(node.body, ({ kind }) => kind === 'capture')),
  )

/** Runs a check on every drawn case that the second matcher decides, and makes sure that enough of them match. */
const forEachDecided = (runs: number, check: (drawn: Case, expected: readonly string[] | null) => void): void => {
  let matched = 0
  let unmatched = 0
  fc.assert(
    fc.property(cases, (drawn) => {
      const expected = matchTree(drawn.compiled.tree, drawn.value, stepsMax)
      if (expected === undefined || mayExplode(drawn.compiled)) return
      if (expected === null) unmatched++
      else matched++
      check(drawn, expected)
    }),
    { numRuns: runs },
  )
  assert.ok(matched > runs / 5 && unmatched > runs / 20, `${matched} matched, ${unmatched} did not`)
}

const lower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

describe('generated JavaScript and a second reading of the tree', () => {
  it('agree on whether a value matches', () => {
    forEachDecided(4000, ({ compiled, value }, expected) => {
      assert.equal(compiled.exec(value, null), expected !== null, compiled.source)
    })
  })

  it('agree on the whole match and its groups', () => {
    forEachDecided(3000, ({ compiled, value }, expected) => {
      const captures = ['left over']
      const found = compiled.exec(value, captures)
      assert.equal(found, expected !== null)
      if (expected === null || capturesDiffer(compiled.tree.root)) return
      assert.deepEqual(captures, expected.slice(0, 10), compiled.source)
    })
  })

  it('agree whichever engine of V8 runs', () => {
    let linear = 0
    forEachDecided(3000, ({ compiled, value }, expected) => {
      // Whoever asks turns the flag off again, and an object with flag l must not run without it.
      if (compiled.linear !== true || !linearEngineAccepts(compiled.source, '')) return
      setFlagsFromString('--enable-experimental-regexp-engine')
      const found = new RegExp(compiled.source, 'l').exec(value)
      linear++
      const refused = found !== null && found.index === value.length && value.endsWith('\n')
      if (!refused) assert.equal(found !== null, expected !== null, compiled.source)
    })
    assert.ok(linear > 800, `only ${linear} ran`)
  })
})

describe('what is said of every match', () => {
  it('holds: each contains one of the required literals, without regard to ASCII case', () => {
    let useful = 0
    forEachDecided(4000, ({ compiled }, expected) => {
      const literals = requiredLiterals(compiled.tree)
      if (literals === null) return
      assert.ok(literals.length > 0 && literals.every((word) => word !== '' && word === lower(word)))
      if (expected === null) return
      useful++
      assert.ok(
        literals.some((word) => lower(expected[0] as string).includes(word)),
        literals.join(' '),
      )
    })
    assert.ok(useful > 200, `only ${useful} said anything`)
  })

  it('holds: none is shorter than the minimum length', () => {
    forEachDecided(2000, ({ compiled }, expected) => {
      if (expected !== null) assert.ok((expected[0] as string).length >= minimumLength(compiled.tree.root))
    })
  })
})
