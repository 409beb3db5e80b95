import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile, type Exchange, type Match, type Transaction } from '@sallyport/seclang'
import type { NamedRuleSet } from './judge.ts'
import { loadRuleSet } from './load.ts'
import { warm } from './warm.ts'
import { samples } from './warm-samples.ts'

/** A rule set that remembers its transactions. */
function watched(text: string): NamedRuleSet & { readonly begun: Transaction[] } {
  const { ruleSet } = compile([{ file: 'a.conf', text }], { readFile: () => new Uint8Array() })
  const begun: Transaction[] = []
  const begin = (exchange: Exchange): Transaction => {
    const transaction = ruleSet.begin(exchange)
    begun.push(transaction)
    return transaction
  }
  return { name: 'watched', ruleSet: { ...ruleSet, begin }, begun }
}

const long = 3_600_000

test('every rule set judges every sample in every round, also behind one that blocks', async () => {
  const blocking = watched('SecAction "id:1,phase:1,deny,log"')
  const other = watched('SecAction "id:1,phase:2,pass,log"')
  assert.equal(await warm([blocking, other], { rounds: 3, timeMs: long }), 6 * samples.length)
  assert.equal(blocking.begun.length, 3 * samples.length)
  assert.ok(other.begun.every(({ matches }) => matches.length === 1))
})

test('warming ends when its time is over', async () => {
  assert.equal(await warm([watched('')], { rounds: 3, timeMs: 0 }), 0)
})

test('without rule sets there is nothing to warm', async () => assert.equal(await warm([]), 0))

test('an edge that reloads goes on serving while it warms', async () => {
  let turns = 0
  const count = (): void => {
    turns++
    next = setImmediate(count)
  }
  let next = setImmediate(count)
  const judged = await warm([watched('')], { rounds: 2, timeMs: long })
  clearImmediate(next)
  assert.ok(turns >= judged - 1, `${turns} turns of others in ${judged} requests`)
})

test('the samples reach the rules whole: each body is read by its own processor, and arguments come of it', async () => {
  const text = `SecRule REQBODY_ERROR "@eq 1" "id:1,phase:2,pass,log"
SecRule &ARGS_POST "@gt 1" "id:2,phase:2,pass,log,capture"
SecRule REQBODY_PROCESSOR "@rx (.+)" "id:3,phase:2,pass,log"`
  const set = watched(text)
  await warm([set], { rounds: 1, timeMs: long })
  const found = set.begun.map(({ matches }) => matches)
  const values = (id: number): string[] =>
    found.flatMap((matches: readonly Match[]) => matches.filter((match) => match.id === id).map(({ value }) => value))
  assert.deepEqual(values(1), [])
  assert.equal(values(2).length, samples.filter(({ body }) => body !== null).length)
  assert.deepEqual([...new Set(values(3))].sort(), ['JSON', 'MULTIPART', 'URLENCODED'])
})

test('of the samples the built-in rules block the last two, which are attacks, and let the others go all the way', async () => {
  const core = loadRuleSet({ use: 'core', mode: 'block', profile: 'api', paranoia: null, before: [], after: [] })
  const blocked: boolean[] = []
  const begin = (exchange: Exchange): Transaction => {
    const transaction = core.ruleSet.begin(exchange)
    const { finish } = transaction
    return Object.assign(transaction, {
      finish() {
        blocked.push(transaction.interruption !== null)
        finish.call(transaction)
      },
    })
  }
  await warm([{ name: 'core', ruleSet: { ...core.ruleSet, begin } }], { rounds: 1, timeMs: long })
  assert.deepEqual(blocked, [false, false, false, false, false, false, true, true])
})
