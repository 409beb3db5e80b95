/** The SecLang language tests (owasp-modsecurity/secrules-language-tests): single operators and transformations. */

import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { findOperator } from '../../packages/seclang/src/operators/index.ts'
import type { OperatorContext } from '../../packages/seclang/src/operators/operator.ts'
import { findTransformation } from '../../packages/seclang/src/transformations/index.ts'
import { bytesOf, shown } from '../bytes.ts'
import type { Case, Failure } from '../cases.ts'
import { decodeEscapes } from './escapes.ts'

/** One object of a test file. */
interface SecLangTest {
  readonly type: 'op' | 'tfn'
  readonly name: string
  readonly param?: string
  readonly input: string
  readonly output?: string
  readonly ret: number
  /** What an expression captured: the whole match, then its groups. */
  readonly re_groups?: readonly string[]
}

function differs(about: string, expected: string, came: string): Failure | null {
  return expected === came ? null : { about, expected: `"${shown(expected)}"`, came: `"${shown(came)}"` }
}

/** `ret` says whether the text was changed; ModSecurity's own runner does not look at it, and some are wrong. */
function judgeTransformation(test: SecLangTest): Failure | null {
  // One file writes `cmd_line`, the name of a C function, for `t:cmdLine`.
  const name = test.name.replaceAll('_', '')
  const transformation = findTransformation(name)
  if (transformation === undefined || transformation === null) {
    return { about: `t:${test.name}`, expected: 'a transformation of that name', came: 'none' }
  }
  const input = decodeEscapes(test.input)
  const about = `t:${test.name} of "${shown(input)}"`
  return differs(about, decodeEscapes(test.output ?? ''), transformation.apply(input))
}

function contextFor(directory: string): OperatorContext {
  return {
    // Paths are written from ModSecurity's own source tree; only the last folder and the name are the tests' own.
    readFile: (path) => readFileSync(join(directory, 'operators', 'op', basename(path))),
    geo: null,
    warn: () => {},
  }
}

function judgeOperator(test: SecLangTest, context: OperatorContext): Failure | null {
  const input = decodeEscapes(test.input)
  const argument = bytesOf(test.param ?? '')
  const about = `@${test.name} "${shown(argument)}" on "${shown(input)}"`
  const operator = findOperator(test.name)
  if (operator === undefined || operator === null) return { about, expected: 'an operator of that name', came: 'none' }
  const captures: string[] = []
  const matched = operator.compile(argument, context)(input, captures)
  if (matched !== (test.ret === 1)) {
    return { about, expected: test.ret === 1 ? 'a match' : 'no match', came: matched ? 'a match' : 'no match' }
  }
  if (test.re_groups === undefined) return null
  return differs(about, `captures ${JSON.stringify(test.re_groups)}`, `captures ${JSON.stringify(captures)}`)
}

/** Ids are folder, file and position, from 1: `operators/rx-3`. */
export function seclangCases(directory: string): readonly Case[] {
  const context = contextFor(directory)
  const files = globSync('{operators,transformations}/*.json', { cwd: directory }).sort()
  return files.flatMap((file) => {
    const tests: readonly SecLangTest[] = JSON.parse(readFileSync(join(directory, file), 'utf8'))
    return tests.map((test, index) => ({
      id: `${file.replace(/\.json$/, '')}-${index + 1}`,
      needs: null,
      judge: () => (test.type === 'tfn' ? judgeTransformation(test) : judgeOperator(test, context)),
    }))
  })
}
