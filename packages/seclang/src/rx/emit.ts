/** Writes a tree as JavaScript source without flags: case and classes are spelt out in bytes, since JavaScript's \s holds
 *  0xA0 and its /i folds 0xE9. Anchors are written so that V8's linear engine takes them wherever that can be exact:
 *  - It takes look-behinds without captures (Node 26), but no look-aheads and no references.
 *  - JavaScript's own (?m:^) and (?m:$) count \r as a line break. So ^ looks behind; $ at the end of a pattern consumes the
 *    line feed (a mark tells whoever wants the text to take it off again); $ elsewhere is (?m:$) if no \r can follow.
 *  Two differences in captures stay: a loop forgets its groups at every turn (PCRE keeps those of earlier turns), and no
 *  empty last turn is taken. Neither changes whether there is a match; references that could tell are refused. */

import { isPlain } from './atomic.ts'
import { allBytes, type ByteSet, has, lineFeed, noBytes } from './byteset.ts'
import { writeSet } from './charset.ts'
import { contains, firstBytes, matchesEmpty, maximumLength, minimumLength } from './measure.ts'
import { group, type Written, writeRepetition } from './repetition.ts'
import { type Node, type Place, RegexError } from './syntax.ts'

/** A group that holds the line feed that a closing $ consumed, and the capturing groups whose text ends with it. */
export interface LineFeedMark {
  readonly group: number
  readonly within: readonly number[]
}

export interface Emission {
  readonly source: string
  /** The JavaScript group of each capturing group; absent if it can never be set. */
  readonly groupOf: ReadonlyMap<number, number>
  readonly marks: readonly LineFeedMark[]
  /** True if a match that starts at the very end, behind a final line feed, must be taken for none (pcre2pattern,
   *  "Circumflex and dollar": ^ does not match after a newline that ends the subject). */
  readonly refuseAtEnd: boolean
}

/** What is known of the place of a node. */
interface Context {
  /** The bytes that can come next if the match is to go on. */
  readonly follow: ByteSet
  /** Nothing more is asked after the node. */
  readonly last: boolean
  /** What follows consumes a byte for sure. */
  readonly consumes: boolean
  /** The node is tried first, where the match starts. */
  readonly first: boolean
  /** Inside a look-behind. */
  readonly behind: boolean
}

interface Writer {
  readonly captures: boolean
  readonly guarded: boolean
  readonly groupOf: Map<number, number>
  readonly marks: LineFeedMark[]
  /** Capturing groups around the node. */
  readonly open: number[]
  /** Sets already spelt: a pattern repeats few of them many times. */
  readonly spelt: Map<ByteSet, string>
  groups: number
  refuseAtEnd: boolean
}

const carriageReturn = 0x0d

const term = (text: string): Written => ({ text, atom: false, copies: 1 })

const spelling = (bytes: ByteSet, writer: Writer): string => {
  let text = writer.spelt.get(bytes)
  if (text === undefined) {
    text = writeSet(bytes)
    writer.spelt.set(bytes, text)
  }
  return text
}

/** True if the node matches nothing at all only by way of a ^ that it begins with. */
const guardsEmpty = (node: Node): boolean => {
  if (!matchesEmpty(node)) return true
  switch (node.kind) {
    case 'assert':
      return node.place === 'lineStart'
    case 'sequence':
      return guardsEmpty(node.items[0] as Node)
    case 'choice':
      return node.options.every(guardsEmpty)
    case 'capture':
      return guardsEmpty(node.body)
    default:
      return false
  }
}

const writeLineStart = (writer: Writer, context: Context): string => {
  if (context.consumes) return '(?<![^\\n])'
  if (context.first && (writer.captures || writer.guarded)) {
    writer.refuseAtEnd = true
    return '(?<![^\\n])'
  }
  return '(?:^|(?<=\\n)(?=[^]))'
}

const closing = (writer: Writer, quantifier: string): string => {
  if (!writer.captures) return `\\n${quantifier}`
  writer.marks.push({ group: ++writer.groups, within: [...writer.open] })
  return `(\\n)${quantifier}`
}

const writePlace = (place: Place, writer: Writer, context: Context): string => {
  switch (place) {
    case 'start':
      return '^'
    case 'end':
      return '$'
    case 'wordEdge':
      return '\\b'
    case 'notWordEdge':
      return '\\B'
    case 'lineStart':
      return writeLineStart(writer, context)
    case 'finalEnd':
      return context.last ? `${closing(writer, '?')}$` : '(?=\\n?$)'
    case 'lineEnd':
      if (context.last) return group(`${closing(writer, '')}|$`)
      return has(context.follow, carriageReturn) ? '(?=\\n|$)' : '(?m:$)'
    default:
      return place satisfies never
  }
}

/** The place in front of `node`, from the place behind it. */
const before = (node: Node, context: Context): Context => {
  const place = node.kind === 'assert' ? node.place : null
  const passing =
    place === 'end'
      ? noBytes
      : place === 'lineEnd' || place === 'finalEnd'
        ? context.follow & lineFeed
        : matchesEmpty(node)
          ? context.follow
          : noBytes
  return {
    ...context,
    follow: firstBytes(node) | passing,
    last: false,
    consumes: context.consumes || !matchesEmpty(node),
  }
}

const writeSequence = (items: readonly Node[], writer: Writer, context: Context): Written => {
  const contexts: Context[] = []
  let here = context
  for (let at = items.length - 1; at >= 0; at--) {
    contexts[at] = { ...here, first: context.first && at === 0 }
    here = before(items[at] as Node, here)
  }
  let text = ''
  let copies = 1
  // Written from left to right, because groups are numbered in that order.
  items.forEach((item, at) => {
    const written = write(item, writer, contexts[at] as Context)
    text += written.text
    copies = Math.max(copies, written.copies)
  })
  return { text, atom: false, copies }
}

const unknown: Context = { follow: allBytes, last: false, consumes: false, first: false, behind: false }

const isLoopOverNothing = (node: Node): boolean => node.kind === 'repeat' && node.max > 1 && matchesEmpty(node.body)

const writeAtomic = (node: Node & { readonly kind: 'atomic' }, writer: Writer, context: Context): Written => {
  const { body, offset } = node
  if (isPlain(body, context.follow, context.last)) return write(body, writer, context)
  if (context.behind) throw new RegexError('no support for this atomic group inside a look-behind', offset)
  if (contains(body, isLoopOverNothing)) {
    throw new RegexError('no support for a loop over something empty inside an atomic group', offset)
  }
  // A look-ahead is never gone back into; the reference then consumes what it saw.
  const number = ++writer.groups
  const written = write(body, writer, unknown)
  return { text: `(?:(?=(${written.text}))\\${number})`, atom: true, copies: written.copies }
}

const writeRepeat = (node: Node & { readonly kind: 'repeat' }, writer: Writer, context: Context): Written => {
  const { body, min, max, lazy } = node
  if (max === 0) return term('')
  const groups = writer.groups
  const inner: Context =
    max === 1 ? context : { ...context, follow: context.follow | firstBytes(body), last: false, first: false }
  const written = write(body, writer, inner)
  if (min === 0 && max === 1 && matchesEmpty(body)) {
    // PCRE takes an optional part even where it matches nothing; JavaScript's ? would look for something longer.
    return { ...written, text: group(lazy ? `|${written.text}` : `${written.text}|`), atom: true }
  }
  const asIs = writer.groups !== groups || contains(body, isZeroWidth)
  const ordered = writer.captures && minimumLength(body) !== maximumLength(body)
  return writeRepetition(written, { min, max, lazy, asIs, ordered })
}

const write = (node: Node, writer: Writer, context: Context): Written => {
  switch (node.kind) {
    case 'empty':
      return term('')
    case 'set':
      return { text: spelling(node.bytes, writer), atom: true, copies: 1 }
    case 'sequence':
      return writeSequence(node.items, writer, context)
    case 'choice': {
      const options = node.options.map((option) => write(option, writer, context))
      const copies = options.reduce((most, option) => Math.max(most, option.copies), 1)
      return { text: group(options.map((option) => option.text).join('|')), atom: true, copies }
    }
    case 'repeat':
      return writeRepeat(node, writer, context)
    case 'capture': {
      writer.groupOf.set(node.index, ++writer.groups)
      writer.open.push(node.index)
      const body = write(node.body, writer, context)
      writer.open.pop()
      return { text: `(${body.text})`, atom: true, copies: body.copies }
    }
    case 'atomic':
      return writeAtomic(node, writer, context)
    case 'look': {
      const body = write(node.body, writer, { ...unknown, behind: context.behind || !node.ahead })
      const mark = `${node.ahead ? '' : '<'}${node.negative ? '!' : '='}`
      return { text: `(?${mark}${body.text})`, atom: false, copies: body.copies }
    }
    case 'assert':
      return term(writePlace(node.place, writer, context))
    case 'back':
      return { text: `(?${node.ignoreCase ? 'i' : ''}:\\${writer.groupOf.get(node.index)})`, atom: true, copies: 1 }
    default:
      return node satisfies never
  }
}

/** V8 compiles long rows of loops around anchors in exponential time: they are not copied either. */
const isZeroWidth = ({ kind }: Node): boolean => kind === 'assert' || kind === 'look'

/** Writes the tree; with `captures` so that groups can be read, without so that only yes or no is exact. */
export const emit = (root: Node, captures: boolean): Emission => {
  const writer: Writer = {
    captures,
    guarded: guardsEmpty(root),
    groupOf: new Map(),
    marks: [],
    open: [],
    spelt: new Map(),
    groups: 0,
    refuseAtEnd: false,
  }
  const { text } = write(root, writer, { ...unknown, last: true, first: true })
  const { groupOf, marks, refuseAtEnd } = writer
  return { source: text === '' ? '(?:)' : text, groupOf, marks, refuseAtEnd }
}
