/** The argument of `@pm`: phrases between white space, with `|41 42|` for bytes in hexadecimal. */
import { asciiTrim, asciiWords } from '../ascii.ts'
import { OperatorError } from '../operator.ts'

const hexDigits = 16

/** The phrases of a `@pm` argument as written, in order. A backslash takes the next `:`, `;`, `\` or `"` as it is; where any
 *  other character follows one, ModSecurity takes the whole argument as it stands, bars and backslashes included.
 *  A space written as `|20|` belongs to its phrase (in ModSecurity it would separate two: nobody writes it for that).
 *  Throws `OperatorError` for bars that do not hold bytes. */
export function parsePhrases(argument: string): string[] {
  const text = unquoted(asciiTrim(argument))
  if (/(?:^|[^\\])(?:\\\\)*\\(?![:;\\"])/.test(text)) return asciiWords(text)
  const phrases: string[] = []
  let phrase = ''
  for (const [piece] of text.matchAll(/\\[:;\\"]|\|[^|]*\|?|[\t-\r ]+|[^\\|\t-\r ]+/g)) {
    if (piece.startsWith('\\')) {
      phrase += piece.slice(1)
    } else if (piece.startsWith('|')) {
      phrase += hexBytes(piece)
    } else if (asciiTrim(piece) !== '') {
      phrase += piece
    } else {
      phrases.push(phrase)
      phrase = ''
    }
  }
  return [...phrases, phrase].filter((found) => found !== '')
}

function unquoted(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text
}

function hexBytes(piece: string): string {
  const digits = piece.slice(1, -1).replace(/[\t-\r ]+/g, '')
  if (!piece.endsWith('|') || !/^(?:[0-9a-fA-F]{2})+$/.test(digits)) {
    throw new OperatorError(`"${piece}" is not a run of bytes; write them as |41 42|, and a bar itself as |7C|`)
  }
  return digits.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, hexDigits)))
}
