import { keywords } from './keywords.ts'
import { phrases } from './phrases.ts'
import { kind } from './token.ts'

const joining: string = kind.logic + kind.union + kind.group + kind.expression + kind.statement

/** Keywords that the grammar holds against a value even without punctuation. */
const clauses = ['WHERE', 'PROCEDURE']

/** Words without which a value that has no quotes, parentheses, semicolons or comments is no injection: they join conditions or begin a clause, a query or a statement. */
export const triggers: readonly string[] = [
  ...clauses,
  ...[...keywords, ...phrases]
    .filter(([of]) => joining.includes(of))
    // The first word of a phrase is enough: without it there is no phrase.
    .flatMap(([, entries]) => entries.map((entry) => entry.split(' ')[0] ?? entry)),
]
