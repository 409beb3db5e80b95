/** For tests: what a parser makes of an answer that comes in pieces. */
import { AnswerParser } from './answer-parser.ts'

export interface Parsed {
  /** Status of each head, the final one last. */
  readonly statuses: readonly number[]
  readonly statusText: string
  readonly headers: readonly string[]
  /** Latin1. */
  readonly body: string
  readonly persistent: boolean | null
  readonly how: 'end' | 'broken' | 'more'
  /** Bytes behind the end. */
  readonly unused: number
}

/** Feeds copies of the pieces, latin1, until the answer is over, then the end of the connection. */
export function parse(
  pieces: readonly string[],
  { method = 'GET', closes = true }: { method?: string; closes?: boolean } = {},
): Parsed {
  const parser = new AnswerParser()
  parser.expect(method)
  const statuses: number[] = []
  let body = ''
  let how: Parsed['how'] = 'more'
  let unused = 0
  for (const piece of pieces) {
    if (how !== 'more') {
      unused += piece.length
      continue
    }
    parser.feed(Buffer.from(piece, 'latin1'))
    let step = parser.next()
    for (; step === 'head' || step === 'data'; step = parser.next()) {
      if (step === 'head') statuses.push(parser.head?.status ?? 0)
      else body += parser.piece.toString('latin1')
    }
    how = step
    if (how === 'end') unused += parser.rest().length
  }
  if (how === 'more' && closes) how = parser.finish()
  const { head, framing } = parser
  return {
    ...{ statuses, body, how, unused },
    statusText: head?.statusText ?? '',
    headers: head?.headers ?? [],
    persistent: framing?.persistent ?? null,
  }
}
