import type { Lexer } from './scanner.ts'
import { byteSet, put, skipTo } from './scanner.ts'
import { kind } from './token.ts'
import { lookUp } from './vocabulary.ts'

const dot = 0x2e
const backTick = 0x60
const wordEnd = byteSet(' []{}<>:\\?=@!#~+-*/&|^%(),\';\t\n\v\f\r"\xa0\0')

/** A name, keyword or function, such as `select`, `user`, `utl_inaddr.get_host_address`. */
export const word: Lexer = (scanner, token) => {
  const { value, pos } = scanner
  const end = skipTo(value, pos, wordEnd)
  put(token, kind.word, pos, end - pos)
  const cut = pos + token.length
  // `select.1` and ``and`x` `` are two tokens to a server, but only if a keyword comes first: `a.b` is one name.
  for (let i = pos; i < cut; i++) {
    const code = value.charCodeAt(i)
    if (code !== dot && code !== backTick) continue
    token.length = i - pos
    const found = lookUp(value, token)
    if (found !== undefined && found !== kind.word) {
      token.kind = found
      scanner.pos = i
      return
    }
  }
  token.length = cut - pos
  scanner.pos = end
  // A word too long to be known is a name; so is a cut one.
  if (end === cut) token.kind = lookUp(value, token) ?? kind.word
}

/** `[name]`, a quoted name in T-SQL and SQLite; unclosed, it takes the rest. */
export const bracketed: Lexer = (scanner, token) => {
  const { value, pos } = scanner
  const close = value.indexOf(']', pos)
  const end = close === -1 ? value.length : close + 1
  put(token, kind.word, pos, end - pos)
  scanner.pos = end
}
