/** Writes repetitions so that V8's linear engine takes them. It copies the body of a counted one, and refuses a node of
 *  which nested counts would make more than 16 copies; copies that stand in the source itself do not count. So x{40} becomes
 *  x{16}x{16}x{8}, and x{0,40} a nest in which every number of turns can be reached in one way only, longest first:
 *  (?:x{16}(?:x{16}x{0,8}|x{0,15})|x{0,15}). The same texts match; where the body can match in several lengths, though, the
 *  nest would try all ways to sixteen turns before any to fifteen, so that the whole match could end elsewhere. Whoever reads
 *  the match wants it `ordered` then: (?:x(?:x(?:x|)|)|). */

import { generatedSourceCharactersMax, linearEngineCopiesMax } from '../bounds.ts'

/** A written node: its source, whether a quantifier may follow it as it stands, and how often nested counts copy it. */
export interface Written {
  readonly text: string
  readonly atom: boolean
  readonly copies: number
}

export const group = (text: string): string => `(?:${text})`

const braces = (min: number, max: number): string => {
  if (min === 0 && max === Number.POSITIVE_INFINITY) return '*'
  if (min === 1 && max === Number.POSITIVE_INFINITY) return '+'
  if (min === 0 && max === 1) return '?'
  if (min === max) return min === 1 ? '' : `{${min}}`
  return max === Number.POSITIVE_INFINITY ? `{${min},}` : `{${min},${max}}`
}

const native = (atom: string, min: number, max: number, lazy: boolean): string => {
  if (max === 0) return ''
  const quantifier = braces(min, max)
  return atom + quantifier + (lazy && min !== max ? '?' : '')
}

/** x{count}, in pieces of `piece` turns. */
const exactly = (atom: string, count: number, piece: number): string =>
  native(atom, piece, piece, false).repeat(Math.floor(count / piece)) +
  native(atom, count % piece, count % piece, false)

/** x{0,count}: all of the piece and then the rest, or less than the piece. Built from the inside out. */
const upTo = (atom: string, count: number, piece: number, lazy: boolean): string => {
  const whole = native(atom, piece, piece, false)
  const less = native(atom, 0, piece - 1, lazy)
  let text = native(atom, 0, count % piece, lazy)
  for (let pieces = Math.floor(count / piece); pieces > 0; pieces--) {
    text = group(lazy ? `${less}|${whole}${text}` : `${whole}${text}|${less}`)
  }
  return text
}

export interface Turns {
  readonly min: number
  readonly max: number
  readonly lazy: boolean
  /** Counts are never taken apart (a capture cannot be copied). */
  readonly asIs: boolean
  readonly ordered: boolean
}

/** Writes `body` between `min` and `max` times. */
export const writeRepetition = (body: Written, { min, max, lazy, asIs, ordered }: Turns): Written => {
  if (max === 0 || body.text === '') return { text: '', atom: false, copies: 1 }
  if (min === 1 && max === 1) return body
  const atom = body.atom ? body.text : group(body.text)
  const infinite = max === Number.POSITIVE_INFINITY
  const copies = body.copies * (infinite ? min + 1 : max)
  const taken = { text: native(atom, min, max, lazy), atom: false, copies }
  if (asIs || copies <= linearEngineCopiesMax || body.copies > linearEngineCopiesMax) return taken
  const piece = Math.floor(linearEngineCopiesMax / body.copies)
  const turns = infinite ? min + 1 : max + (max - min) + piece
  if (turns * atom.length > generatedSourceCharactersMax) return taken
  const rest = infinite ? native(atom, 0, max, lazy) : upTo(atom, max - min, ordered ? 1 : piece, lazy)
  return { text: exactly(atom, min, piece) + rest, atom: false, copies: piece * body.copies }
}
