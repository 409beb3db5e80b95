/** Compares what arrived at the upstream with what the clients asked and with what the edge says that it decided. */
import { difference, inOriginForm } from './forwarded.ts'
import type { Head, Message } from './message.ts'

/** What is wrong, of which case; null where the bytes do not tell. */
export interface Finding {
  readonly kind: 'harmful' | 'wrong tag'
  readonly index: number | null
  readonly what: string
  /** The upstream connection's latest bytes, where bytes are what is wrong. */
  readonly raw: string | null
}

/** What the suite needs of a line of the decision log. */
export interface DecisionLine {
  readonly verdict: string
  readonly status: number | null
  readonly reason: string | null
  readonly request: { readonly method: string; readonly path: string } | null
}

export interface Judge {
  /** From now on these requests of a case may arrive, each once; of `open`, its head and less than its body. */
  readonly expect: (index: number, asked: readonly Message[], open?: Head | null) => void
  readonly onMessage: (message: Message, raw: string) => void
  readonly onCut: (head: Head, raw: string) => void
  readonly onHarm: (why: string, raw: string) => void
  readonly onDecision: (line: DecisionLine) => void
  readonly report: (finding: Finding) => void
  /** Requests that arrived and that no line of the decision log allows, yet. */
  readonly undecided: () => readonly string[]
  /** Whether anything was found since the last `close`. */
  readonly hasFound: () => boolean
  /** Ends the cases so far: gives what was found and forgets the rest. */
  readonly close: () => Finding[]
  readonly counts: { arrived: number; allowed: number; rejected: number }
}

interface Awaited {
  readonly index: number
  readonly head: Head
  /** Null where the client has not sent all of it. */
  readonly body: string | null
  seen: boolean
}

export function judge(): Judge {
  let awaited = new Map<string, Awaited[]>()
  let awaitedBefore: ReadonlyMap<string, Awaited[]> = new Map()
  let covered = new Map<string, number>()
  let coveredBefore: ReadonlyMap<string, number> = new Map()
  let findings: Finding[] = []
  const counts = { arrived: 0, allowed: 0, rejected: 0 }
  const harmful = (what: string, raw: string, index: number | null = indexIn(raw)): void => {
    findings.push({ kind: 'harmful', index, what, raw })
  }
  /** Marks the request that arrived; its body is null where it broke off, and then its head must have been asked all the same. */
  const arrive = (head: Head, body: string | null, raw: string): void => {
    const key = keyOf(head.method, head.target)
    const candidates = [...(awaited.get(key) ?? []), ...(awaitedBefore.get(key) ?? [])].filter(({ seen }) => !seen)
    const found = candidates.find((asked) => difference(asked, head, body) === null)
    if (found !== undefined) found.seen = true
    else {
      const [first] = candidates
      const why = first === undefined ? 'a request that nobody asked, or twice' : difference(first, head, body)
      harmful(`${key} arrived: ${why}`, raw, first?.index ?? indexIn(head.target))
    }
  }
  return {
    expect(index, asked, open = null) {
      const all = asked.map(({ head, body }): Awaited => ({ index, head: inOriginForm(head), body, seen: false }))
      if (open !== null) all.push({ index, head: inOriginForm(open), body: null, seen: false })
      for (const one of all) {
        const key = keyOf(one.head.method, one.head.target)
        const list = awaited.get(key)
        if (list === undefined) awaited.set(key, [one])
        else list.push(one)
      }
    },
    onMessage({ head, body }, raw) {
      counts.arrived++
      count(covered, keyOf(head.method, pathOf(head.target)), -1)
      arrive(head, body, raw)
    },
    // A body that breaks off is no request, so nothing need allow it.
    onCut: (head, raw) => arrive(head, null, raw),
    onHarm: (why, raw) => harmful(`the strict upstream refuses ${why}`, raw),
    onDecision(line) {
      if (line.verdict === 'allow') counts.allowed++
      else counts.rejected++
      if (line.verdict === 'allow' && line.request !== null)
        count(covered, keyOf(line.request.method, line.request.path), 1)
      if (line.reason === 'internal')
        harmful(`the edge failed by itself: ${JSON.stringify(line)}`, '', indexIn(line.request?.path ?? ''))
    },
    report: (finding) => findings.push(finding),
    undecided: () =>
      [...covered].filter(([key, times]) => times + (coveredBefore.get(key) ?? 0) < 0).map(([key]) => key),
    hasFound: () => findings.length > 0,
    close() {
      const found = findings
      findings = []
      // A request of a client that has left may arrive late, so what is awaited stays so for one epoch more.
      awaitedBefore = awaited
      awaited = new Map()
      coveredBefore = covered
      covered = new Map()
      return found
    },
    counts,
  }
}

function count(counts: Map<string, number>, key: string, change: number): void {
  const times = (counts.get(key) ?? 0) + change
  if (times === 0) counts.delete(key)
  else counts.set(key, times)
}

function keyOf(method: string, target: string): string {
  return `${method} ${target}`
}

/** The decision log leaves the query out. */
function pathOf(target: string): string {
  const query = target.indexOf('?')
  return query === -1 ? target : target.slice(0, query)
}

/** Every target of a case holds its number; the latest one in these bytes. */
function indexIn(text: string): number | null {
  const marks = text.match(/\/c\d+\//g)
  return marks === null ? null : Number(marks.at(-1)?.slice(2, -1))
}
