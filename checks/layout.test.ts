import { barrels, emptyNames, missingReadmes } from './layout.ts'
import { tryRule } from './rule-cases.ts'

const x = 'packages/sallyport/src/x.ts'

tryRule('names of files', [
  {
    check: emptyNames,
    what: 'a folder named utils',
    files: { 'packages/a/src/utils/x.ts': '' },
    finds: /utils: use the name of what it does/,
  },
  {
    check: emptyNames,
    what: 'a file named helper',
    files: { 'a/string-helper.ts': '' },
    finds: /helper: use the name/,
  },
  { check: emptyNames, what: 'a name that holds the letters', files: { 'a/utilisation.ts': '' }, finds: null },
])

tryRule('barrels', [
  {
    check: barrels,
    what: 'an index inside a package',
    files: { 'packages/a/src/b/index.ts': `export const a = 1` },
    finds: /a barrel: import the file/,
  },
  {
    check: barrels,
    what: 'a barrel by another name',
    files: { [x]: `export * from './y.ts'\nexport { a } from './z.ts'` },
    finds: /a barrel/,
  },
  {
    check: barrels,
    what: 'the index that a package publishes',
    files: { 'packages/a/src/index.ts': `export * from './y.ts'` },
    finds: null,
  },
  {
    check: barrels,
    what: 'a literal table',
    files: { 'packages/seclang/src/operators/index.ts': `import './y.ts'` },
    finds: null,
  },
])

tryRule('READMEs', [
  {
    check: missingReadmes,
    what: 'a package without README',
    files: { 'packages/a/src/x.ts': '' },
    finds: /^packages\/a: no README\.md/,
  },
  {
    check: missingReadmes,
    what: 'a folder of src without README',
    files: { 'packages/a/README.md': '', 'packages/a/src/b/x.ts': '' },
    finds: /^packages\/a\/src\/b: no README\.md/,
  },
  {
    check: missingReadmes,
    what: 'a README that is no longer short',
    files: { 'e2e/x.ts': '', 'e2e/README.md': 'a\n'.repeat(13) },
    finds: /e2e\/README\.md: 13 lines: use at most 12/,
  },
  {
    check: missingReadmes,
    what: 'a README of its greatest length',
    files: { 'e2e/x.ts': '', 'e2e/README.md': 'a\n'.repeat(12) },
    finds: null,
  },
])
