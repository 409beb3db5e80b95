import { attributeDanger, type Danger, isDangerousTag, plainName } from './names.ts'
import type { Context, Tokenizer } from './token.ts'
import { nextToken, tokenizer } from './tokenize.ts'
import { isScriptUrl } from './url.ts'

const quoteOf: readonly (readonly [Context, string])[] = [
  ['single', "'"],
  ['double', '"'],
  ['back', '`'],
]

/** True if `value`, put into a page as text or as an attribute's value, would bring markup with it that can run code. The method is
 *  libinjection's: read the value as HTML from each of five places it may have been put, and look at the tokens. Linear in the
 *  length; a value with neither `<` nor `=` costs two searches. */
export function detectXss(value: string): boolean {
  const hasTag = value.includes('<')
  const hasValue = value.includes('=')
  if (!hasTag && !hasValue) return false // no tag, comment or doctype without the one, no attribute's value without the other
  if (hasTag && isDangerousFrom(value, 'data')) return true
  if (isDangerousFrom(value, 'unquoted')) return true
  for (const [context, quote] of quoteOf) {
    // Without its quote the value cannot leave the attribute.
    if (value.includes(quote) && isDangerousFrom(value, context)) return true
  }
  return false
}

function isDangerousFrom(value: string, context: Context): boolean {
  const html = tokenizer(value, context)
  let danger: Danger = 'none' // of the last attribute's name: a value follows its name at once, or is the first token
  while (nextToken(html)) {
    switch (html.type) {
      case 'DOCTYPE':
        return true // entities, and another reading of the whole page
      case 'TAG_NAME_OPEN':
        if (isDangerousTag(plainName(value, html.start, html.end))) return true
        break
      case 'TAG_COMMENT':
        if (isDangerousComment(html)) return true
        break
      case 'ATTR_NAME':
        danger = attributeDanger(plainName(value, html.start, html.end))
        break
      case 'ATTR_VALUE':
        if (isDangerousValue(html, danger)) return true
        break
      default:
    }
  }
  return false
}

function isDangerousValue(html: Tokenizer, danger: Danger): boolean {
  switch (danger) {
    case 'none':
      return false
    case 'always':
      return true
    case 'url':
      return isScriptUrl(html.text.slice(html.start, html.end))
    case 'attribute':
      return attributeDanger(plainName(html.text, html.start, html.end)) !== 'none'
    default:
      return danger satisfies never
  }
}

/** Comments that old browsers do not take for comments: a back quote ends a tag, `[if` is a condition, and `<?import`, `<?xml`
 *  and `<!ENTITY` bring in more. */
function isDangerousComment(html: Tokenizer): boolean {
  const { text, start, end } = html
  // Inside the token only: a search to the end of the text from each of many comments would be quadratic.
  if (text.slice(start, end).includes('`')) return true
  const word = plainName(text, start, end)
  return word.startsWith('[if') || word.startsWith('xml') || word.startsWith('import') || word.startsWith('entity')
}
