/**
 * Golden cases: `cases/*.txt` holds the input, a line of dashes, and what comes of it: the tree as one JSON line a directive,
 * positions as "line:column", or the exact message of the error. Warnings come before, as "warning: …".
 *
 * Bytes that an editor would spoil are written `<CR>`, `<NUL>`, `<ESC>` and `<BOM>`; `<END>` takes the last line's end away;
 * `=== name` starts another file, for includes.
 */

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parse, type RuleFile } from './parse.ts'
import { SecLangError } from './syntax.ts'

const folder = new URL('cases/', import.meta.url)
const names = readdirSync(folder).filter((name) => name.endsWith('.txt'))

assert.ok(names.length > 0, 'the folder of cases is empty')

for (const name of names) {
  test(`golden case: ${name.replace(/-/g, ' ').replace('.txt', '')}`, () => {
    const [input, expected, ...rest] = readFileSync(new URL(name, folder), 'latin1').split(/^-{5,}\n/m)
    assert.ok(input !== undefined && expected !== undefined && rest.length === 0, 'a case has one line of dashes')
    assert.equal(outcome(input), expected.trimEnd())
  })
}

const bytes: Readonly<Record<string, string>> = {
  '<CR>': '\r',
  '<NUL>': '\0',
  '<ESC>': '\x1b',
  '<BOM>': '\xef\xbb\xbf',
  '<END>\n': '',
}

function outcome(input: string): string {
  const files = split(input.replace(/<END>\n|<[A-Z]+>/g, (name) => bytes[name] ?? name))
  const lines: string[] = []
  const include = (pattern: string): readonly RuleFile[] =>
    files.filter(({ file }) => file === pattern || (pattern === '*.conf' && file !== 'main.conf'))
  try {
    const warn = ({ at, reason }: { at: { line: number; column: number }; reason: string }): void => {
      lines.push(`warning: ${at.line}:${at.column}: ${reason}`)
    }
    for (const directive of parse(files[0]!.text, files[0]!.file, { include, warn })) {
      lines.push(JSON.stringify(directive, normalise))
    }
  } catch (error) {
    if (!(error instanceof SecLangError)) throw error
    lines.push(error.message)
  }
  return lines.join('\n')
}

function split(input: string): RuleFile[] {
  return `=== main.conf\n${input}`
    .split(/^=== /m)
    .slice(1)
    .map((part) => ({ file: part.slice(0, part.indexOf('\n')), text: part.slice(part.indexOf('\n') + 1) }))
}

function normalise(key: string, value: unknown): unknown {
  if (key !== 'at') return value
  const { file, line, column } = value as { file: string; line: number; column: number }
  return file === 'main.conf' ? `${line}:${column}` : `${file}:${line}:${column}`
}
