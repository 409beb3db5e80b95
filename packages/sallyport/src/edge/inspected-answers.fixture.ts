/** For tests of answers that rules judge: rule sets of a few lines, an edge that inspects, an upstream's answers. */
import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { compile } from '@sallyport/seclang'
import type { NamedRuleSet } from '../waf/judge.ts'
import { type EdgeUnderTest, edgeUnderTest } from './edge-under-test.ts'

/** Of an answer's body, inspected. */
export const bytesMax = 100_000

/** Refuses an answer whose body holds the word `secret`, with 502. */
export const secretInBody = 'SecRule RESPONSE_BODY "@contains secret" "id:1,phase:4,deny,status:502,log"\n'

export function ruleSet(text: string, mode: 'detect' | 'block' = 'block'): NamedRuleSet {
  const readFile = (): never => assert.fail('no file is named')
  return { name: 'test', ruleSet: compile([{ file: 'test.conf', text }], { readFile, mode }).ruleSet }
}

/** An edge, without TLS, whose only route has answers judged by these rules. */
export async function inspecting(origin: string, ...ruleSets: readonly NamedRuleSet[]): Promise<EdgeUnderTest> {
  return await edgeUnderTest({ origin, ruleSets, plain: true, body: { answerInspectBytesMax: bytesMax } })
}

export function answering(type: string, body: string | Buffer, fields: Record<string, string> = {}): RequestListener {
  return (_, response) => {
    response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(body), ...fields }).end(body)
  }
}

export const asks = (method: string, fields = ''): string =>
  `${method} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${fields}\r\n`
