/** libinjection's own tests: its SQL tokeniser and folding, SQL injection fingerprints, HTML5 tokeniser, XSS verdicts. */

import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { detectSqli } from '../../packages/seclang/src/detect/sqli/detect.ts'
import { fold } from '../../packages/seclang/src/detect/sqli/fold.ts'
import { formatToken, readings } from '../../packages/seclang/src/detect/sqli/token.ts'
import { tokenize } from '../../packages/seclang/src/detect/sqli/tokenize.ts'
import { detectXss } from '../../packages/seclang/src/detect/xss/detect.ts'
import * as html from '../../packages/seclang/src/detect/xss/tokenize.ts'
import { shown } from '../bytes.ts'
import type { Case } from '../cases.ts'
import { readTestFile } from './test-file.ts'

/** What libinjection's test driver prints for an input, by the kind of test in the file's name. */
const printed: Readonly<Record<string, (input: string) => string>> = {
  tokens: (input) => lines(tokenize(input, readings.plainAnsi).map((token) => formatToken(input, token))),
  folding: (input) => lines(fold(input, readings.plainAnsi).map((token) => formatToken(input, token))),
  sqli: (input) => detectSqli(input) ?? '',
  html5: (input) => lines([...htmlTokens(input)]),
  xss: (input) => (detectXss(input) ? '1' : '0'),
}

function* htmlTokens(input: string): Generator<string> {
  const tokenizer = html.tokenizer(input, 'data')
  while (html.nextToken(tokenizer)) yield html.formatToken(tokenizer)
}

/** The driver cuts white space off the end of all it prints. */
function lines(tokens: readonly string[]): string {
  return tokens.join('\n').replace(/[ \n\t\r]+$/, '')
}

function caseOf(directory: string, file: string): Case {
  const id = basename(file, '.txt')
  return {
    id,
    needs: null,
    judge() {
      const { title, input, expected } = readTestFile(readFileSync(join(directory, file), 'latin1'), file)
      const print = printed[id.split('-')[1] ?? '']
      const about = `${title}: "${shown(input)}"`
      if (print === undefined)
        return { about, expected: `a kind of test among ${Object.keys(printed).join(', ')}`, came: id }
      const came = print(input)
      return came === expected ? null : { about, expected: `"${shown(expected)}"`, came: `"${shown(came)}"` }
    },
  }
}

export function libinjectionCases(directory: string): readonly Case[] {
  const files = globSync('tests/test-*.txt', { cwd: directory }).sort()
  return files.map((file) => caseOf(directory, file))
}
