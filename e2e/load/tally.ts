/** What a load generator counts. */

/** Of a certificate's digest: enough to tell a few apart. */
export const shownCharacters = 8

export interface Tally {
  readonly begun: number
  readonly good: number
  /** Whatever else came of one, by its name: an error's code, a status, `wrong answer`. */
  readonly lost: Readonly<Record<string, number>>
  /** Begun per second, as it turned out. */
  readonly rate: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly max: number
  /** Certificates that were shown: the beginning of their digest, and how often. */
  readonly shown: Readonly<Record<string, number>>
}

export interface Counting {
  readonly good: (milliseconds: number) => void
  readonly lost: (why: string) => void
  readonly shown: (certificate: string) => void
  readonly done: (begun: number, seconds: number) => Tally
}

export function counting(): Counting {
  const times: number[] = []
  const lost: Record<string, number> = {}
  const shown: Record<string, number> = {}
  const add = (to: Record<string, number>, name: string): void => {
    to[name] = (to[name] ?? 0) + 1
  }
  return {
    good: (milliseconds) => void times.push(milliseconds),
    lost: (why) => add(lost, why),
    shown: (certificate) => add(shown, certificate),
    done(begun, seconds) {
      times.sort((a, b) => a - b)
      const at = (share: number): number => Math.round((times[Math.floor(share * (times.length - 1))] ?? 0) * 10) / 10
      const rate = Math.round(begun / seconds)
      return { begun, good: times.length, lost, rate, p50: at(0.5), p99: at(0.99), max: at(1), shown }
    },
  }
}

export function lostIn({ lost }: Tally): number {
  return Object.values(lost).reduce((sum, one) => sum + one, 0)
}

/** One line for people. */
export function told({ begun, good, lost, rate, p50, p99, max }: Tally): string {
  const what = Object.entries(lost).map(([why, count]) => `${count} × ${why}`)
  const losses = what.length === 0 ? 'none lost' : `LOST ${what.join(', ')}`
  return `${begun} at ${rate}/s, ${good} good, ${losses}; p50 ${p50} ms, p99 ${p99} ms, max ${max} ms`
}
