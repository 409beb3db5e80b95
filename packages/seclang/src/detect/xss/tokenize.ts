import { steps } from './states.ts'
import type { Context, State, Tokenizer } from './token.ts'

const firstState: Readonly<Record<Context, State>> = {
  data: 'data',
  unquoted: 'beforeName',
  single: 'single',
  double: 'double',
  back: 'back',
}

/** A tokenizer that stands before the first byte of `text`. */
export function tokenizer(text: string, context: Context): Tokenizer {
  return { text, type: 'DATA_TEXT', start: 0, end: 0, at: 0, state: firstState[context], closing: false }
}

/** Reads the next token into `html`; false at the end. The states are those of the HTML standard, §13.2.5, less what only a parser of
 *  whole pages needs (script data, character references) and with what old browsers read as markup too: `` ` `` as a quote,
 *  `<% %>`, NUL as nothing. */
export function nextToken(html: Tokenizer): boolean {
  while (html.state !== 'end') {
    if (html.at >= html.text.length && !endsWithToken(html.state)) return false
    if (steps[html.state](html)) return true
  }
  return false
}

/** The last token as libinjection's tests write it: `TYPE,LENGTH,bytes`. */
export function formatToken(html: Tokenizer): string {
  return `${html.type},${html.end - html.start},${html.text.slice(html.start, html.end)}`
}

/** The states that give a token, maybe an empty one, even where no byte is left: those of a value whose quote has been read, and of
 *  what `<!`, `<?` and `<%` begin. */
function endsWithToken(state: State): boolean {
  switch (state) {
    case 'single':
    case 'double':
    case 'back':
    case 'bogusComment':
    case 'percentComment':
    case 'comment':
    case 'cdata':
    case 'markup':
      return true
    default:
      return false
  }
}
