import { dependencyFindings } from './dependencies.ts'
import { tryRule } from './rule-cases.ts'

tryRule('dependencies', [
  {
    check: dependencyFindings,
    what: 'a package that is not listed',
    files: { 'package.json': '{"dependencies":{"a":"1"}}', 'docs/dependencies.md': '' },
    finds: /a is missing/,
  },
  {
    check: dependencyFindings,
    what: 'a listed package that is gone',
    files: { 'package.json': '{}', 'docs/dependencies.md': '| `a` | b | c d e |' },
    finds: /a is in no package\.json/,
  },
  {
    check: dependencyFindings,
    what: 'a package without a reason',
    files: { 'package.json': '{"dependencies":{"a":"1"}}', 'docs/dependencies.md': '| `a` | b | c |' },
    finds: /a: use a reason/,
  },
  {
    check: dependencyFindings,
    what: 'a package of ours',
    files: {
      'p/package.json': '{"name":"o"}',
      'package.json': '{"dependencies":{"o":"1"}}',
      'docs/dependencies.md': '',
    },
    finds: null,
  },
])
