/** The cases of a CRS release, played through the edge as a program: bytes on a socket in, an answer and a line of the decision
 *  log out. All are played before the first is judged, side by side, and the log is read when the edge has ended. */
import type { Case, Failure } from '../../cases.ts'
import { answer } from '../backend.ts'
import { buildRequest } from '../build-request.ts'
import { crsJudge } from '../engine.ts'
import { type LogEntry, unmet } from '../expect.ts'
import type { FtwOutput, FtwStage, FtwTest } from '../go-ftw.ts'
import { readRequest } from '../request.ts'
import { cameOf, inShort, type Judge, readCrsTests } from '../suite.ts'
import { type DecisionLine, startEdge } from './edge.ts'
import { type Came, exchange } from './exchange.ts'
import { startUpstream } from './upstream.ts'

/** Connections open at a time. */
const lanes = 16

interface Played {
  readonly stage: FtwStage
  readonly sent: string
  readonly came: Came
}

export async function edgeCases(directory: string, isChosen: (id: string) => boolean): Promise<readonly Case[]> {
  const tests = readCrsTests(directory).filter(({ id }) => isChosen(id))
  const { played, log } = await playAll(directory, tests)
  const texts = textsFrom(directory)
  return tests.map((test, index) => ({
    id: test.id,
    needs: null,
    judge() {
      for (const one of played[index] ?? []) {
        const failure = failureOf(one, log, texts)
        if (failure !== null) return failure
      }
      return null
    },
  }))
}

type Log = ReadonlyMap<string, DecisionLine>

/** The stages of a test follow each other; tests do not wait for one another. */
async function playAll(directory: string, tests: readonly FtwTest[]): Promise<{ played: Played[][]; log: Log }> {
  if (tests.length === 0) return { played: [], log: new Map() }
  await using upstream = await startUpstream()
  await using edge = await startEdge(upstream.origin, directory)
  const played: Played[][] = tests.map(() => [])
  const queue = tests.entries()
  const lane = async (): Promise<void> => {
    for (const [index, { stages }] of queue) {
      for (const stage of stages) {
        const sent = buildRequest(stage.input)
        played[index]?.push({ stage, sent, came: await exchange(edge.port, sent) })
      }
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return { played, log: await edge.end() }
}

function failureOf({ stage, sent, came }: Played, log: Log, texts: Texts): Failure | null {
  const { output } = stage
  const answered = typeof came === 'string' ? null : came
  const line = answered === null ? undefined : log.get(answered.decision)
  const entries = line === undefined ? [] : asLogged(line.rules, output, sent, texts)
  const outcome = { log: entries, status: answered?.status ?? null }
  const clauses = [...unmet(output, outcome), ...unmetAtSocket(output, came, line)]
  if (clauses.length === 0) return null
  const how = line === undefined ? 'not logged' : `${line.verdict}${line.reason === null ? '' : `, ${line.reason}`}`
  return {
    about: inShort(readRequest(sent)),
    expected: clauses.join(' and '),
    came: `${cameOf(outcome)} (${typeof came === 'string' ? came : how})`,
  }
}

const refusalStatusMin = 400

function unmetAtSocket(expected: FtwOutput, came: Came, line: DecisionLine | undefined): readonly string[] {
  if (expected.expectError) return came === 'closed' ? [] : ['a broken connection']
  if (typeof came === 'string') return ['an answer']
  if (line === undefined) return ['a line in the decision log']
  // go-ftw would be content where a test only forbids an alarm: an edge that refused everything would pass all of those.
  const mayRefuse = (expected.status ?? 0) >= refusalStatusMin
  return line.verdict === 'reject' && !mayRefuse ? ['a verdict of the rules'] : []
}

/** Texts that the engine alone logs for the same bytes. */
type Texts = (sent: string) => readonly LogEntry[]

/** Compiles the release when it is first asked: few tests are about texts. */
function textsFrom(directory: string): Texts {
  let judge: Judge | null = null
  return (sent) => {
    judge ??= crsJudge(directory, true)
    const request = readRequest(sent)
    return judge(request, answer(request)).log
  }
}

/** Which rules matched is the decision log's word, always; it has no texts, so for a test about those the engine alone gives them. */
function asLogged(
  rules: readonly number[],
  { matchRegex, noMatchRegex }: FtwOutput,
  sent: string,
  texts: Texts,
): readonly LogEntry[] {
  const known = matchRegex === null && noMatchRegex === null ? [] : texts(sent)
  return rules.flatMap((id) => {
    const entries = known.filter((entry) => entry.id === id)
    return entries.length > 0 ? entries : [{ id, message: '', data: '' }]
  })
}
