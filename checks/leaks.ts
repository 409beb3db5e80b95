/** What must not leave the machine that wrote it: registries in the lock, paths of the checkout. */
import { homedir } from 'node:os'
import { checkout, type Source } from './sources.ts'

/** The lock holds versions and hashes, and lets each machine use its own registry. */
export function registryHosts(all: readonly Source[]): string[] {
  const lock = all.find(({ path }) => path === 'package-lock.json')
  if (lock === undefined) return ['package-lock.json: not there: use npm install, and commit it']
  const { packages } = JSON.parse(lock.text) as { packages: Record<string, { resolved?: string }> }
  return Object.entries(packages)
    .filter(([, { resolved }]) => resolved !== undefined && /^\w+:\/\//.test(resolved))
    .map(([name]) => `package-lock.json: ${name} names a registry: use omit-lockfile-registry-resolved=true (.npmrc)`)
}

/** A path that is right on one machine alone. */
export function machinePaths(all: readonly Source[], places: readonly string[] = [checkout, homedir()]): string[] {
  // A place as short as `/root` is also an attacker's payload, and those stand in rules and tests.
  const telling = places.filter((place) => place.split(/[/\\]/).filter(Boolean).length > 1)
  return all.flatMap(({ path, text }) => {
    const place = telling.find((one) => text.includes(one))
    return place === undefined ? [] : [`${path}: the path ${place}: use one relative to the checkout`]
  })
}
