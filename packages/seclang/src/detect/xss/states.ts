import type { State, Tokenizer, TokenType } from './token.ts'

/** Reads a bit; true where it made a token, false where the new state has to go on. */
type Step = (html: Tokenizer) => boolean

function emit(html: Tokenizer, type: TokenType, start: number, end: number, at: number, state: State): true {
  html.type = type
  html.start = start
  html.end = end
  html.at = at
  html.state = state
  return true
}

function become(html: Tokenizer, state: State, skip: 0 | 1 | 2): false {
  html.at += skip
  html.state = state
  return false
}

/** A token from here to `end`, of which `skip` bytes more are read; `end` below 0 means that the text ends first. */
function emitUntil(html: Tokenizer, type: TokenType, end: number, skip: number, state: State): true {
  const length = html.text.length
  if (end < 0) return emit(html, type, html.at, length, length, 'end')
  return emit(html, type, html.at, end, end + skip, state)
}

/** White space, NUL among it, as browsers of old had it. */
function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0
}

function isLetter(code: number): boolean {
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x7a
}

/** The next byte that is not blank, or NaN at the end. */
function skipBlanks(html: Tokenizer): number {
  while (isBlank(html.text.charCodeAt(html.at))) html.at++
  return html.text.charCodeAt(html.at)
}

/** §13.2.5.1: text up to the next `<`, which may be at once. */
function data(html: Tokenizer): boolean {
  const open = html.text.indexOf('<', html.at)
  if (open === html.at) return become(html, 'tagOpen', 1)
  return emitUntil(html, 'DATA_TEXT', open, 1, 'tagOpen')
}

/** §13.2.5.6, behind `<`. A letter begins a tag; of a byte that begins nothing the `<` is text. */
function tagOpen(html: Tokenizer): boolean {
  const code = html.text.charCodeAt(html.at)
  if (code === 0x21) return become(html, 'markup', 1)
  if (code === 0x3f) return become(html, 'bogusComment', 1)
  if (code === 0x25) return become(html, 'percentComment', 1)
  if (code === 0x2f) {
    html.closing = true
    return become(html, 'endTagOpen', 1)
  }
  if (isLetter(code) || code === 0) return become(html, 'tagName', 0)
  return emit(html, 'DATA_TEXT', html.at - 1, html.at, html.at, 'data')
}

/** §13.2.5.7, behind `</`. Without a letter it is a comment, or nothing if it ends at once. */
function endTagOpen(html: Tokenizer): boolean {
  const code = html.text.charCodeAt(html.at)
  if (isLetter(code)) return become(html, 'tagName', 0)
  html.closing = false
  return become(html, code === 0x3e ? 'data' : 'bogusComment', 0)
}

/** §13.2.5.8. NUL stays in the name: browsers of old left it out, so whoever compares the name leaves it out. */
function tagName(html: Tokenizer): boolean {
  const { text, at } = html
  for (let end = at; end < text.length; end++) {
    const code = text.charCodeAt(end)
    if (code === 0x2f) return emit(html, 'TAG_NAME_OPEN', at, end, end + 1, 'selfClosing')
    if (code !== 0 && isBlank(code)) return emit(html, 'TAG_NAME_OPEN', at, end, end + 1, 'beforeName')
    if (code !== 0x3e) continue
    if (!html.closing) return emit(html, 'TAG_NAME_OPEN', at, end, end, 'tagEnd')
    html.closing = false
    return emit(html, 'TAG_CLOSE', at, end, end + 1, 'data')
  }
  return emitUntil(html, 'TAG_NAME_OPEN', -1, 0, 'end')
}

/** The `>` of a tag, a token of its own. */
function tagEnd(html: Tokenizer): boolean {
  html.closing = false
  return emitUntil(html, 'TAG_NAME_CLOSE', html.at + 1, 0, 'data')
}

/** §13.2.5.40, behind a slash inside a tag: the end of the tag, or no more than a blank. */
function selfClosing(html: Tokenizer): boolean {
  if (html.text.charCodeAt(html.at) !== 0x3e) return become(html, 'beforeName', 0)
  html.closing = false
  return emit(html, 'TAG_NAME_SELFCLOSE', html.at - 1, html.at + 1, html.at + 1, 'data')
}

/** §13.2.5.32: blanks and slashes before an attribute. */
function beforeName(html: Tokenizer): boolean {
  const code = skipBlanks(html)
  if (code === 0x2f) return become(html, 'selfClosing', 1)
  return become(html, code === 0x3e ? 'tagEnd' : 'name', 0)
}

/** §13.2.5.33. The first byte belongs to the name whatever it is: `<a =x=1>` has an attribute `=x`. */
function name(html: Tokenizer): boolean {
  const { text, at } = html
  for (let end = at + 1; end < text.length; end++) {
    const code = text.charCodeAt(end)
    if (code === 0x3d) return emit(html, 'ATTR_NAME', at, end, end + 1, 'beforeValue')
    if (code === 0x2f) return emit(html, 'ATTR_NAME', at, end, end + 1, 'selfClosing')
    if (code === 0x3e) return emit(html, 'ATTR_NAME', at, end, end, 'tagEnd')
    if (code !== 0 && isBlank(code)) return emit(html, 'ATTR_NAME', at, end, end + 1, 'afterName')
  }
  return emitUntil(html, 'ATTR_NAME', -1, 0, 'end')
}

/** §13.2.5.34: an equals sign may follow after blanks, or the next attribute. */
function afterName(html: Tokenizer): boolean {
  const code = skipBlanks(html)
  if (code === 0x3d) return become(html, 'beforeValue', 1)
  return become(html, 'beforeName', 0)
}

/** §13.2.5.35, with the back quote that Internet Explorer took for a quote too. */
function beforeValue(html: Tokenizer): boolean {
  switch (skipBlanks(html)) {
    case 0x22:
      return become(html, 'double', 1)
    case 0x27:
      return become(html, 'single', 1)
    case 0x60:
      return become(html, 'back', 1)
    default:
      return become(html, 'unquoted', 0)
  }
}

/** §13.2.5.36 and 37: up to the same quote, whatever stands between. */
function quoted(quote: string): Step {
  return (html) => emitUntil(html, 'ATTR_VALUE', html.text.indexOf(quote, html.at), 1, 'afterQuoted')
}

/** §13.2.5.38: up to a blank or the end of the tag. */
function unquoted(html: Tokenizer): boolean {
  const { text, at } = html
  for (let end = at; end < text.length; end++) {
    const code = text.charCodeAt(end)
    if (code === 0x3e) return emit(html, 'ATTR_VALUE', at, end, end, 'tagEnd')
    if (isBlank(code)) return emit(html, 'ATTR_VALUE', at, end, end + 1, 'beforeName')
  }
  return emitUntil(html, 'ATTR_VALUE', -1, 0, 'end')
}

/** §13.2.5.42, behind `<!`. `[CDATA[` counts everywhere: a page may be XML or the place inside SVG. */
function markup(html: Tokenizer): boolean {
  const { text, at } = html
  if (text.startsWith('--', at)) return become(html, 'comment', 2)
  const word = text.slice(at, at + '[CDATA['.length)
  if (word.toLowerCase() === 'doctype') return become(html, 'doctype', 0)
  if (word !== '[CDATA[') return become(html, 'bogusComment', 0)
  html.at += word.length
  return become(html, 'cdata', 0)
}

/** §13.2.5.43 to 52, behind `<!--`: up to `-->`, or `-!>`, with NUL between. Each run of NUL is looked at from two dashes at most. */
function comment(html: Tokenizer): boolean {
  const { text } = html
  for (let dash = text.indexOf('-', html.at); dash >= 0; dash = text.indexOf('-', dash + 1)) {
    const second = skipNulls(text, dash + 1)
    const code = text.charCodeAt(second)
    if (code !== 0x2d && code !== 0x21) continue
    const last = skipNulls(text, second + 1)
    if (text.charCodeAt(last) === 0x3e) return emitUntil(html, 'TAG_COMMENT', dash, last + 1 - dash, 'data')
  }
  return emitUntil(html, 'TAG_COMMENT', -1, 0, 'end')
}

function skipNulls(text: string, from: number): number {
  let at = from
  while (text.charCodeAt(at) === 0) at++
  return at
}

/** What each state does with the bytes that come. */
export const steps: Readonly<Record<State, Step>> = {
  data,
  tagOpen,
  endTagOpen,
  tagName,
  tagEnd,
  selfClosing,
  beforeName,
  name,
  afterName,
  beforeValue,
  unquoted,
  single: quoted("'"),
  double: quoted('"'),
  back: quoted('`'),
  afterQuoted: (html) => become(html, 'beforeName', 0),
  markup,
  bogusComment: (html) => emitUntil(html, 'TAG_COMMENT', html.text.indexOf('>', html.at), 1, 'data'),
  percentComment: (html) => emitUntil(html, 'TAG_COMMENT', html.text.indexOf('%>', html.at), 2, 'data'),
  comment,
  cdata: (html) => emitUntil(html, 'DATA_TEXT', html.text.indexOf(']]>', html.at), 3, 'data'),
  doctype: (html) => emitUntil(html, 'DOCTYPE', html.text.indexOf('>', html.at), 1, 'data'),
  end: () => false,
}
