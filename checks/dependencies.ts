/** docs/dependencies.md lists exactly the packages that our manifests name, each with a reason. */
import { posix } from 'node:path'
import type { Source } from './sources.ts'

const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const

export function dependencyFindings(all: readonly Source[]): string[] {
  const text = all.find(({ path }) => path === 'docs/dependencies.md')?.text
  if (text === undefined) return ['docs/dependencies.md: not there: list the direct packages']
  const rows = [...text.matchAll(/^\| `([^`|]+)` *\|([^|]+)\|([^|]+)\|$/gm)]
  const listed = new Set(rows.map(([, name]) => name ?? ''))
  const named = namesIn(all)
  return [
    ...[...named]
      .filter((name) => !listed.has(name))
      .map((name) => `docs/dependencies.md: ${name} is missing: add what it is for`),
    ...[...listed]
      .filter((name) => !named.has(name))
      .map((name) => `docs/dependencies.md: ${name} is in no package.json: take it out`),
    ...rows
      .filter(([, , , why]) => (why ?? '').trim().split(' ').length < 3)
      .map(([, name]) => `docs/dependencies.md: ${name}: use a reason`),
    ...(rows.length === listed.size ? [] : ['docs/dependencies.md: a package is listed twice']),
  ]
}

/** Packages of others in every manifest; our own are links. */
function namesIn(all: readonly Source[]): ReadonlySet<string> {
  const manifests = all
    .filter(({ path }) => posix.basename(path) === 'package.json')
    .map(({ text }) => JSON.parse(text))
  const ours = new Set(manifests.map(({ name }) => name))
  const named = manifests.flatMap((manifest) => kinds.flatMap((kind) => Object.keys(manifest[kind] ?? {})))
  return new Set(named.filter((name) => !ours.has(name)))
}
