/** Makes the errors of this folder: the word at fault is repeated in every message, and so it is made safe to print. */

import { errorWordCharactersMax } from '../bounds.ts'
import { type Position, SecLangError } from './syntax.ts'

/** `word` in quotes for a message: cut, and with bytes that could steer a terminal written as `\xNN` (CWE-150). */
export function shown(word: string): string {
  const cut = word.length > errorWordCharactersMax ? word.slice(0, errorWordCharactersMax) + '...' : word
  return `"${cut.replace(/[^\x20-\x7e]/g, (byte) => '\\x' + byte.charCodeAt(0).toString(16).padStart(2, '0'))}"`
}

/** A fault of `word` at `at`: the message is the word, then `says`, which begins with a verb and tells what to do. */
export function fault(at: Position, word: string, says: string): SecLangError {
  return new SecLangError(at, word, `${shown(word)} ${says}`)
}

/** A fault of something that is not there: no word to repeat in the message. */
export function missing(at: Position, reason: string): SecLangError {
  return new SecLangError(at, '', reason)
}
