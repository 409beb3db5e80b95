/** For tests: one try for `a.test` with an authority that follows a script, as an operator sees it. */
import { temporaryFolder } from '../certificates-under-test.ts'
import { type AcmeSettings, startAcme } from './acme.ts'
import { directoryUrl, type FakeAuthority, fakeAuthority, type Script } from './authority-under-test.ts'
import { type Challenges, pendingChallenges } from './challenges.ts'
import { systemClock } from './clock.ts'

export interface Tried {
  readonly whole: string
  /** Without what every line has. */
  readonly line: string
  readonly authority: FakeAuthority
  readonly folder: string
  readonly challenges: Challenges
}

/** Starts with the script, returns the first line that is said. Waits between polls pass at once; an hour is never waited for. */
export async function tryOnce(
  script: Script,
  more: Partial<AcmeSettings> = {},
  email: string | null = null,
): Promise<Tried> {
  const authority = fakeAuthority(script)
  const said = Promise.withResolvers<string>()
  const folder = more.folder ?? (await temporaryFolder())
  const challenges = pendingChallenges()
  let elapsed = 0
  const acme = await startAcme({
    rows: [{ hosts: ['a.test'], acme: { directory: directoryUrl, email, ca: null } }],
    folder,
    ways: ['http-01'],
    challenges,
    request: () => authority.request,
    onChange: () => undefined,
    say: said.resolve,
    clock: {
      ...systemClock,
      elapsed: () => elapsed,
      wait: async (ms, signal) => {
        elapsed += ms
        if (elapsed > 10 * 60 * 1000) await systemClock.wait(ms, signal)
      },
    },
    ...more,
  })
  const line = await said.promise
  await acme.stop()
  return {
    whole: line,
    line: line.replace(/^certificate of a\.test: /, '').replace(/; there is none yet; .*$/, ''),
    authority,
    folder,
    challenges,
  }
}
