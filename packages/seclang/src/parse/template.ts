/** Macros: `%{tx.name}` in a text stands for the value of a variable at the time the text is used. */

import type { Template } from './syntax.ts'

/**
 * The parts of `text`. The collection is in lower case, the key as written; `%{NAME}` has no key. What is no macro stays
 * text: a lone `%`, `%{` without `}`, and `%{}` (ModSecurity reference, "Macro Expansion"). Whether a variable exists is the
 * compiler's question.
 */
export function parseTemplate(text: string): Template {
  if (text === '') return []
  const parts: (string | { collection: string; key: string | null })[] = []
  let literalFrom = 0
  let open = text.indexOf('%{')
  while (open >= 0) {
    const close = text.indexOf('}', open)
    // None further on either: the rest is text, and is looked at once only.
    if (close < 0) break
    const name = text.slice(open + 2, close)
    const dot = name.indexOf('.')
    const collection = dot < 0 ? name : name.slice(0, dot)
    if (/^[A-Za-z][A-Za-z0-9_]*$/.test(collection)) {
      if (open > literalFrom) parts.push(text.slice(literalFrom, open))
      parts.push({ collection: collection.toLowerCase(), key: dot < 0 ? null : name.slice(dot + 1) })
      literalFrom = close + 1
    }
    open = text.indexOf('%{', close + 1)
  }
  if (literalFrom < text.length) parts.push(text.slice(literalFrom))
  return parts
}
