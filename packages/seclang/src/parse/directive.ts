/** One directive from its words: what each word means, and how many there must be. Includes are the caller's (parse.ts). */

import { parseActions } from './actions.ts'
import type { DirectiveRow } from './directives.ts'
import { fault, missing } from './fault.ts'
import { parseDecimal, parseIdAndLink, parseIds } from './ids.ts'
import { parseOperator } from './operator.ts'
import type { Directive, IdRange, Position } from './syntax.ts'
import { parseTargets } from './targets.ts'
import type { Word } from './words.ts'

/** The tree of `row`'s directive, whose name is `name`. Throws SecLangError at the word at fault. */
export function readDirective(row: DirectiveRow, name: Word, words: readonly Word[]): Directive {
  const { at } = name
  const form = row.argument
  switch (form) {
    case 'rule': {
      // Without actions it is a link of a chain; whether it may be one is for the compiler to say.
      const [targets, operator, actions] = take(row, name, words, 2, 3)
      return {
        kind: 'rule',
        at,
        targets: parseTargets(targets!, 'bars'),
        operator: parseOperator(operator!),
        actions: actions === undefined ? [] : parseActions(actions),
      }
    }
    case 'action':
    case 'defaultAction':
      return { kind: form, at, actions: parseActions(take(row, name, words, 1, 1)[0]!) }
    case 'marker':
      return { kind: form, at, label: notEmpty(row, take(row, name, words, 1, 1)[0]!) }
    case 'removeById':
      return { kind: form, at, ids: take(row, name, words, 1, Infinity).flatMap(parseIds) }
    case 'removeByTag':
    case 'removeByMsg':
      return { kind: form, at, pattern: notEmpty(row, take(row, name, words, 1, 1)[0]!) }
    case 'updateTargetById':
    case 'updateTargetByTag':
    case 'updateTargetByMsg':
      return readTargetUpdate(row, form, name, words)
    case 'updateActionById': {
      const [id, actions] = take(row, name, words, 2, 2)
      return { kind: form, at, ...parseIdAndLink(id!), actions: parseActions(actions!) }
    }
    default:
      return { kind: 'setting', at, name: row.name, argument: readSetting(row, name, words) }
  }
}

/** The three forms differ in how they pick rules; targets, and the targets they replace, read the same. */
function readTargetUpdate(
  row: DirectiveRow,
  kind: 'updateTargetById' | 'updateTargetByTag' | 'updateTargetByMsg',
  name: Word,
  words: readonly Word[],
): Directive {
  const [which, targets, replaced] = take(row, name, words, 2, 3)
  const at: Position = name.at
  const selected = kind === 'updateTargetById' ? idsAndLink(which!) : { pattern: notEmpty(row, which!) }
  const update = {
    targets: parseTargets(targets!, 'bars or commas'),
    replaces: replaced === undefined ? [] : parseTargets(replaced, 'bars or commas'),
  }
  if ('ids' in selected) return { kind: 'updateTargetById', at, ...selected, ...update }
  return { kind: kind === 'updateTargetByTag' ? kind : 'updateTargetByMsg', at, ...selected, ...update }
}

/** A link belongs to one chain, so a colon and a list or range of ids exclude each other. */
function idsAndLink(word: Word): { ids: readonly IdRange[]; link: number } {
  if (!word.text.includes(':')) return { ids: parseIds(word), link: 0 }
  const { id, link } = parseIdAndLink(word)
  return { ids: [{ from: id, to: id }], link }
}

/** The argument of a setting: a choice in the table's spelling, anything else as written. */
function readSetting(row: DirectiveRow, name: Word, words: readonly Word[]): string {
  const form = row.argument
  if (form === 'nothing') {
    take(row, name, words, 0, 0)
    return ''
  }
  if (form === 'text') {
    const text = take(row, name, words, 1, Infinity)
    return text.map((word) => word.text).join(' ')
  }
  const word = take(row, name, words, 1, 1)[0]!
  const value = typeof form === 'string' ? word.text : form.find((one) => one.toLowerCase() === word.text.toLowerCase())
  const bad =
    value === undefined ||
    (form === 'number' && parseDecimal(value) === null) ||
    (form === 'character' && value.length !== 1)
  if (bad) throw fault(word.at, word.text, `is not an argument of ${row.name}: ${row.reason}`)
  return value
}

/** All words, if there are between `min` and `max` of them. Too few is a fault of the name, too many of the first spare word. */
function take(row: DirectiveRow, name: Word, words: readonly Word[], min: number, max: number): readonly Word[] {
  if (words.length < min) {
    const needs = words.length === 0 ? 'needs an argument' : 'needs another argument'
    throw fault(name.at, name.text, `${needs}: ${row.reason}`)
  }
  const spare = words[max]
  if (spare === undefined) return words
  const quote = max === 0 ? '' : '; quote an argument with blanks'
  throw fault(spare.at, spare.text, `is one argument too many for ${row.name}: ${row.reason}${quote}`)
}

/** An empty expression would match every rule, and an empty label no jump. */
function notEmpty(row: DirectiveRow, word: Word): string {
  if (word.text === '') throw missing(word.at, `the argument of ${row.name} is empty: ${row.reason}`)
  return word.text
}
