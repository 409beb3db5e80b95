/** The suites by name, and which of them a set of directories asks for. */

import type { Case } from './cases.ts'
import { edgeCases } from './crs/edge/suite.ts'
import { crsJudge } from './crs/engine.ts'
import { caseOf, readCrsTests } from './crs/suite.ts'
import type { SuiteName } from './exceptions.ts'
import { libinjectionCases } from './libinjection/suite.ts'
import { seclangCases } from './seclang/suite.ts'

export interface Suite {
  readonly name: SuiteName
  readonly title: string
  /** Reads the files, and prepares what has to be. Throws where that fails. What is not chosen may be left out. */
  readonly cases: (isChosen: (id: string) => boolean) => readonly Case[] | Promise<readonly Case[]>
  /** A part that is counted on its own as well, because the rest of the suite would hide it. */
  readonly part?: { readonly title: string; readonly holds: (id: string) => boolean }
}

const withoutIpMatch = { title: 'without ipMatch', holds: (id: string) => !id.startsWith('operators/ipMatch-') }

/** The same tests through the program: `sallyport edge`, over sockets. */
export function edgeSuite(crs: string): Suite {
  return { name: 'crs-edge', title: 'crs, through the edge', cases: (isChosen) => edgeCases(crs, isChosen) }
}

export const prefilterModes = ['on', 'off', 'both'] as const
export type PrefilterMode = (typeof prefilterModes)[number]

/** The suites for which there is a directory; CRS once for each state of the prefilter. */
export function suitesOf(
  directories: { readonly [Name in Exclude<SuiteName, 'crs-edge'>]?: string | undefined },
  prefilter: PrefilterMode,
): readonly Suite[] {
  const { crs, seclang, libinjection } = directories
  const suites: Suite[] = []
  if (libinjection !== undefined) {
    suites.push({ name: 'libinjection', title: 'libinjection', cases: () => libinjectionCases(libinjection) })
  }
  if (seclang !== undefined) {
    suites.push({ name: 'seclang', title: 'seclang', cases: () => seclangCases(seclang), part: withoutIpMatch })
  }
  if (crs === undefined) return suites
  for (const state of ['on', 'off'] as const) {
    if (prefilter !== 'both' && prefilter !== state) continue
    suites.push({
      name: 'crs',
      title: `crs, prefilter ${state}`,
      cases() {
        const judge = crsJudge(crs, state === 'on')
        return readCrsTests(crs).map((test) => caseOf(test, judge))
      },
    })
  }
  return suites
}
