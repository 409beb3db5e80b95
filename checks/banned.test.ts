import { bannedCalls, bareNotes } from './banned.ts'
import { tryRule } from './rule-cases.ts'

const x = 'packages/sallyport/src/x.ts'
const t = 'packages/sallyport/src/x.test.ts'

tryRule('banned calls', [
  { check: bannedCalls, what: 'eval', files: { [x]: `\neval('1')` }, finds: /x\.ts:2: eval: use a closure/ },
  { check: bannedCalls, what: 'new Function', files: { [x]: 'new Function("")' }, finds: /new Function: use/ },
  { check: bannedCalls, what: 'Function without new', files: { [x]: 'Function("")' }, finds: /new Function: use/ },
  {
    check: bannedCalls,
    what: 'new Function where code is generated',
    files: { 'packages/seclang/src/compile/x.ts': 'new Function("")' },
    finds: null,
  },
  {
    check: bannedCalls,
    what: 'new RegExp',
    files: { [x]: 'const a = new RegExp(b)' },
    finds: /new RegExp: use a literal/,
  },
  {
    check: bannedCalls,
    what: 'RegExp without new',
    files: { [t]: 'const a = RegExp(b)' },
    finds: /new RegExp: use a literal/,
  },
  {
    check: bannedCalls,
    what: 'new RegExp where expressions are made',
    files: { 'packages/seclang/src/rx/x.ts': 'new RegExp(a)' },
    finds: null,
  },
  {
    check: bannedCalls,
    what: 'a word of the same letters',
    files: { [x]: 'const retrieval = "eval(1)" // eval()' },
    finds: null,
  },
  {
    check: bannedCalls,
    what: 'console.log',
    files: { [x]: 'console.log(1)' },
    finds: /console: use process\.stdout\.write/,
  },
  {
    check: bannedCalls,
    what: 'setTimeout in a test',
    files: { [t]: 'setTimeout(f, 1)' },
    finds: /setTimeout in a test: use an event/,
  },
  {
    check: bannedCalls,
    what: 'a sleep in a test',
    files: { [t]: `import { setTimeout as sleep } from 'node:timers/promises'` },
    finds: /setTimeout in a test/,
  },
  { check: bannedCalls, what: 'setTimeout elsewhere', files: { [x]: 'setTimeout(f, 1)' }, finds: null },
  { check: bannedCalls, what: 'test.skip', files: { [t]: `test.skip('a b c', f)` }, finds: /switched off/ },
  { check: bannedCalls, what: 'describe.only', files: { [t]: `describe.only('a b c', f)` }, finds: /switched off/ },
  {
    check: bannedCalls,
    what: 'an option that skips',
    files: { [t]: `test('a b c', { skip: true }, f)` },
    finds: /switched off/,
  },
  {
    check: bannedCalls,
    what: 'a reason to skip that is known at run time',
    files: { [t]: `test('a b c', (t) => t.skip(why))` },
    finds: null,
  },
])

tryRule('notes', [
  {
    check: bareNotes,
    what: 'a bare TODO',
    files: { [x]: '\n// TODO: later' },
    finds: /x\.ts:2: a bare TODO: use TODO\(#12\)/,
  },
  { check: bareNotes, what: 'a TODO with its issue', files: { [x]: '// TODO(#12): later' }, finds: null },
  { check: bareNotes, what: 'the word in a text', files: { [x]: 'const a = "TODO"' }, finds: null },
])
