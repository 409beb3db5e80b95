/** The cases of a CRS release: its own go-ftw tests, judged by what the engine logs. */

import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { shown } from '../bytes.ts'
import type { Case, Failure } from '../cases.ts'
import { answer, type BackendResponse } from './backend.ts'
import { buildRequest } from './build-request.ts'
import { type Outcome, unmet } from './expect.ts'
import { type FtwStage, type FtwTest, readFtwFile } from './go-ftw.ts'
import { type RawRequest, readRequest } from './request.ts'

/** Judges one request and the backend's response to it. */
export type Judge = (request: RawRequest, response: BackendResponse) => Outcome

/** From this status on, it is an HTTP server that answers, before any rule: in detection only the engine refuses nothing. */
const refusalStatusMin = 400

function needsOf({ stages }: FtwTest): string | null {
  if (stages.some(({ output }) => output.expectError)) return 'a broken connection'
  if (stages.some(({ output }) => (output.status ?? 0) >= refusalStatusMin)) return 'an HTTP front'
  return null
}

/** Nearly every test sends these alike. */
const commonHeader = /^(?:accept(?:-encoding|-language)?|connection|content-length|host|user-agent)$/i

/** The request in short: its line, the headers that are not in every test, the body. */
export function inShort({ method, target, protocol, headers, body }: RawRequest): string {
  const rare = headers.filter(([name]) => !commonHeader.test(name)).map(([name, value]) => ` | ${name}: ${value}`)
  return shown(`${method} ${target} ${protocol}${rare.join('')}${body === '' ? '' : ` | ${body}`}`)
}

function stageFailure(stage: FtwStage, judge: Judge): Failure | null {
  const request = readRequest(buildRequest(stage.input))
  const outcome = judge(request, answer(request))
  const clauses = unmet(stage.output, outcome)
  if (clauses.length === 0) return null
  return { about: inShort(request), expected: clauses.join(' and '), came: cameOf(outcome) }
}

export function cameOf({ log, status }: Outcome): string {
  const found = log.map(({ id }) => id).join(' ')
  return `ids ${found === '' ? 'none' : found}${status === null ? '' : `, answered with ${status}`}`
}

/** Stages run in order, each as a request of its own, over one rule set: persistent collections live on between them. */
export function caseOf(test: FtwTest, judge: Judge): Case {
  return {
    id: test.id,
    needs: needsOf(test),
    judge() {
      for (const stage of test.stages) {
        let failure = stageFailure(stage, judge)
        if (failure !== null && stage.output.retryOnce) failure = stageFailure(stage, judge)
        if (failure !== null) return failure
      }
      return null
    },
  }
}

/** All tests of the release in `directory`, by file name. */
export function readCrsTests(directory: string): readonly FtwTest[] {
  const files = globSync('tests/regression/tests/**/*.yaml', { cwd: directory }).sort()
  return files.flatMap((file) => readFtwFile(readFileSync(join(directory, file), 'utf8'), file))
}
