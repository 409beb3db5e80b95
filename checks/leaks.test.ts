import { machinePaths, registryHosts } from './leaks.ts'
import { tryRule } from './rule-cases.ts'
import type { Source } from './sources.ts'

const paths = (all: readonly Source[]): string[] => machinePaths(all, ['/home/someone', '/root'])

tryRule('registries', [
  {
    check: registryHosts,
    what: 'a registry in the lock',
    files: { 'package-lock.json': '{"packages":{"a":{"resolved":"https://r.example/a.tgz"}}}' },
    finds: /a names a registry/,
  },
  {
    check: registryHosts,
    what: 'a link in the lock',
    files: { 'package-lock.json': '{"packages":{"a":{"resolved":"packages/a","link":true}}}' },
    finds: null,
  },
])

tryRule('paths of a machine', [
  {
    check: paths,
    what: 'a path of this machine',
    files: { 'docs/a.md': 'see /home/someone/x' },
    finds: /docs\/a\.md: the path \/home\/someone/,
  },
  { check: paths, what: 'a path that attacks carry', files: { 'a/x.ts': '/root/.ssh' }, finds: null },
])
