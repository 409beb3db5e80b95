import { tryRule } from './rule-cases.ts'
import { poorTestNames } from './test-names.ts'

const t = 'packages/sallyport/src/x.test.ts'

tryRule('names of tests', [
  {
    check: poorTestNames,
    what: 'a test named by a word',
    files: { [t]: `test('parse', f)` },
    finds: /a test named "parse": use a sentence/,
  },
  {
    check: poorTestNames,
    what: 'a test named by a number',
    files: { [t]: `test('issue 12 is solved', f)` },
    finds: /use a sentence/,
  },
  {
    check: poorTestNames,
    what: 'a test named by a sentence',
    files: { [t]: `test('an empty text is refused', f)` },
    finds: null,
  },
  {
    check: poorTestNames,
    what: 'a test named by a row',
    files: { [t]: ['test(`$', '{why} passes`, f); test(why, f)'].join('') },
    finds: null,
  },
])
