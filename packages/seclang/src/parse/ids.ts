/** Rule ids as the removing and updating directives name them: `942100`, `1-5`, `"1 2,7-9"`, `12345:1`. */

import { ruleIdMax } from '../bounds.ts'
import { isBlank } from './blanks.ts'
import { fault } from './fault.ts'
import type { IdRange } from './syntax.ts'
import { positionIn, type Word } from './words.ts'

const comma = 0x2c

/** A whole number of decimal digits, or null if `text` is none or is above 2^53 - 1. */
export function parseDecimal(text: string): number | null {
  if (!/^[0-9]+$/.test(text)) return null
  const value = Number(text)
  return value <= ruleIdMax ? value : null
}

/** The ids and ranges of one word, with commas or blanks between. Throws on a range that runs backwards. */
export function parseIds(word: Word): IdRange[] {
  const ranges: IdRange[] = []
  for (const { text, offset } of split(word.text)) {
    const dash = text.indexOf('-')
    const from = parseDecimal(dash < 0 ? text : text.slice(0, dash))
    const to = dash < 0 ? from : parseDecimal(text.slice(dash + 1))
    if (from === null || to === null) throw badId(word, offset, text)
    if (from > to) {
      throw fault(positionIn(word, offset), text, `runs backwards: write ${to}-${from}`)
    }
    ranges.push({ from, to })
  }
  if (ranges.length === 0)
    throw fault(word.at, word.text, 'names no rule: write an id such as 942100 or a range such as 1-5')
  return ranges
}

/** `12345` or `12345:1`: one rule, and the link of its chain, from 0. */
export function parseIdAndLink(word: Word): { readonly id: number; readonly link: number } {
  const colon = word.text.indexOf(':')
  const id = parseDecimal(colon < 0 ? word.text : word.text.slice(0, colon))
  const link = colon < 0 ? 0 : parseDecimal(word.text.slice(colon + 1))
  if (id === null || link === null) {
    throw fault(word.at, word.text, 'is not a rule: write its id, or ID:LINK for a link of its chain, counted from 0')
  }
  return { id, link }
}

function badId(word: Word, offset: number, text: string): Error {
  return fault(positionIn(word, offset), text, 'is not a rule id: write a number such as 942100 or a range such as 1-5')
}

/** The pieces with their offsets, so that a fault points at the piece and not at the word. */
function* split(text: string): Generator<{ readonly text: string; readonly offset: number }> {
  let start = 0
  for (let offset = 0; offset <= text.length; offset++) {
    const code = text.charCodeAt(offset)
    if (offset < text.length && code !== comma && !isBlank(code)) continue
    if (offset > start) yield { text: text.slice(start, offset), offset: start }
    start = offset + 1
  }
}
