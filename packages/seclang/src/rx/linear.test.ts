import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { compileGlobal, compileRegex } from './compile.ts'
import { enableLinearFallback, linearEngineAccepts, linearFallbackEnabled } from './linear.ts'
import { modSecurityOptions } from './syntax.ts'

const compileUrl = new URL('./compile.ts', import.meta.url).href
const linearUrl = new URL('./linear.ts', import.meta.url).href

/** Ends with the test at the latest: a value without bound must not outlive it. */
const child = (script: string, signal: AbortSignal, flags: readonly string[] = []): ChildProcess => {
  const started = spawn(process.execPath, [...flags, '--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {},
    signal,
    killSignal: 'SIGKILL',
  })
  return started.on('error', () => {})
}

/** Backtracking tries as many ways as the Fibonacci number of the length: at 300 bytes more than 10^62. */
const hostile = (fallback: boolean): string => `
  import { compileRegex } from ${JSON.stringify(compileUrl)}
  import { enableLinearFallback } from ${JSON.stringify(linearUrl)}
  import { writeSync } from 'node:fs'
  if (${fallback}) enableLinearFallback()
  const regex = compileRegex('^(?:a|aa)+$', { dotAll: true, multiline: true, ignoreCase: false })
  writeSync(1, 'begun ')
  writeSync(1, String(regex.exec('a'.repeat(300) + 'b', null)))
`

describe('a value that would take the backtracking engine longer than the universe is old', () => {
  it('is answered with the fallback, while without it there is no answer', { timeout: 30_000 }, async ({ signal }) => {
    const without = child(hostile(false), signal)
    let said = ''
    without.stdout?.on('data', (bytes: Buffer) => {
      said += bytes.toString()
    })
    await once(without.stdout as NonNullable<ChildProcess['stdout']>, 'data')
    const bounded = child(hostile(true), signal)
    assert.equal(await text(bounded.stdout as NonNullable<ChildProcess['stdout']>), 'begun false')
    without.kill('SIGKILL')
    await once(without, 'close')
    assert.equal(said, 'begun ')
  })
})

describe('whether the fallback is on', () => {
  const ask = async (signal: AbortSignal, flags: readonly string[]): Promise<string> => {
    const script = `
      import { linearFallbackEnabled } from ${JSON.stringify(linearUrl)}
      console.log(linearFallbackEnabled())`
    return text(child(script, signal, flags).stdout as NonNullable<ChildProcess['stdout']>)
  }

  it('is no in a fresh process, and yes if the command line says so', async ({ signal }) => {
    const flag = '--enable-experimental-regexp-engine-on-excessive-backtracks'
    assert.deepEqual(await Promise.all([ask(signal, []), ask(signal, [flag])]), ['false\n', 'true\n'])
  })

  it('is yes once it was turned on, as often as one likes', () => {
    enableLinearFallback()
    enableLinearFallback()
    assert.equal(linearFallbackEnabled(), true)
  })
})

describe('the linear engine', () => {
  it('is asked without leaving its flag on', () => {
    linearEngineAccepts('a', '')
    const force: string = 'l'
    assert.throws(() => new RegExp('a', force), SyntaxError)
  })

  it('takes what this V8 is known to take', () => {
    const rows: readonly (readonly [source: string, accepted: boolean])[] = [
      ['(?<![^\\n])a', true],
      ['(?m:$)a', true],
      ['a{16}', true],
      ['a{17}', false],
      ['(?:a{4}){5}', false],
      ['(?=a)', false],
      ['(a)\\1', false],
      ['(?i:a)', false],
      ['(', false],
    ]
    for (const [source, accepted] of rows) assert.equal(linearEngineAccepts(source, ''), accepted, source)
  })

  it('takes what is written for patterns of the kinds that rules have', () => {
    const rows = [
      '(?i)\\b(?:select|union)\\b.*from$',
      '^(?:[a-z]+\\.)*[a-z]{2,63}$',
      '[,\\-0-9a-z]{20,256}$',
      '(?i)<script[^>]{3,50}>x',
      '(?:(?:a{1,10}b){1,10}c){2,5}d',
      '^.*$',
      '(?:a|,\\s*|$){1,7}$',
      "'(?:[^'\\\\]|\\\\.)*+'",
      '(?>foo|bar)\\s',
      '<\\?(?!xml)',
      '\\R\\d',
      'x(?<=a\\sx)y+z',
    ]
    for (const pattern of rows) assert.equal(compileRegex(pattern, modSecurityOptions).linear, true, pattern)
  })

  it('is not promised where the pattern needs another', () => {
    const rows: readonly (readonly [pattern: string, why: RegExp])[] = [
      ['(a+)\\1', /reference/],
      ['(?>a*ab)c', /atomic/],
      ['(?=a+b)[ab]*c', /look-ahead/],
      ['(?:(a){17}b)+c', /counts/],
      ['(?:a*\\b){17}c', /counts/],
    ]
    for (const [pattern, why] of rows) assert.match(String(compileRegex(pattern, modSecurityOptions).linear), why)
    assert.match(String(compileGlobal('^a+b', modSecurityOptions).linear), /all matches/)
    assert.equal(compileGlobal('a+b', modSecurityOptions).linear, true)
  })
})
