/** The house rules, each a function from all files to what it found there. */
import { bannedCalls, bareNotes } from './banned.ts'
import { dependencyFindings } from './dependencies.ts'
import { barrels, emptyNames, missingReadmes } from './layout.ts'
import { machinePaths, registryHosts } from './leaks.ts'
import { lengthFindings } from './sizes.ts'
import type { Source } from './sources.ts'
import { poorTestNames } from './test-names.ts'

export interface Rule {
  /** A sentence: what holds when nothing is found. */
  readonly holds: string
  readonly check: (all: readonly Source[]) => string[]
}

export const rules: readonly Rule[] = [
  { holds: 'nothing calls what the house has banned', check: bannedCalls },
  { holds: 'every note of work to do names its issue', check: bareNotes },
  { holds: 'files and functions are short, and the exceptions shrink', check: (all) => lengthFindings(all) },
  { holds: 'every file is named after what it does', check: emptyNames },
  { holds: 'no file inside a package only passes on what others define', check: barrels },
  { holds: 'every main folder says what it is for, in a few lines', check: missingReadmes },
  { holds: 'the lock names no registry', check: registryHosts },
  { holds: 'no file names a path of this machine', check: (all) => machinePaths(all) },
  { holds: 'the list of dependencies is the list in the manifests, with reasons', check: dependencyFindings },
  { holds: 'every test is named by a sentence', check: poorTestNames },
]
