/**
 * Reads a directive word by word, straight from the file's text: joining continued lines first would lose the positions.
 *
 * A word is in "double", 'single' or `back` quotes, or without. Outside quotes a continued line also ends a word, except
 * behind `|` and `,`, where a list goes on.
 */

import { directiveCharactersMax } from '../bounds.ts'
import { isBlank } from './blanks.ts'
import { fault } from './fault.ts'
import { continuation, endOfLine, here, lineEnd, type Reader, skipContinuation, skipLineEnd } from './lines.ts'
import type { Position } from './syntax.ts'

const doubleQuote = 0x22
const hash = 0x23
const singleQuote = 0x27
const comma = 0x2c
const colon = 0x3a
const backslash = 0x5c
const backquote = 0x60
const bar = 0x7c

/** One argument without its quotes and continuations. */
export interface Word {
  readonly file: string
  readonly text: string
  /** Of the opening quote, or of the first character. */
  readonly at: Position
  /** Rows of [offset in `text`, line, column], ascending: from each offset on, columns count up by one. */
  readonly marks: readonly (readonly [number, number, number])[]
}

/** Where character `offset` of the word's text stands in the file. O(log marks): called for each action of a list. */
export function positionIn(word: Word, offset: number): Position {
  let low = 0
  let high = word.marks.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (word.marks[middle]![0] <= offset) low = middle
    else high = middle
  }
  const [from, line, column] = word.marks[low]!
  return { file: word.file, line, column: column + offset - from }
}

/** The words to the end of the directive, its name first. The reader stands at its first character. */
export function readWords(reader: Reader): Word[] {
  const start = here(reader)
  const startOffset = reader.offset
  const words: Word[] = []
  for (let word = readWord(reader); word !== null; word = readWord(reader)) words.push(word)
  const length = reader.offset - startOffset
  if (length > directiveCharactersMax) {
    throw fault(start, words[0]!.text, `has ${length} characters; at most ${directiveCharactersMax} are read: split it`)
  }
  return words
}

/** The next word, or null at the directive's end. */
function readWord(reader: Reader): Word | null {
  const { text } = reader
  while (isBlank(text.charCodeAt(reader.offset)) || skipContinuation(reader)) {
    if (isBlank(text.charCodeAt(reader.offset))) reader.offset++
  }
  if (reader.offset >= text.length || lineEnd(text, reader.offset) > 0) return null
  const code = text.charCodeAt(reader.offset)
  if (code === hash) {
    const word = text.slice(reader.offset, endOfLine(text, reader.offset))
    throw fault(here(reader), word, 'is a comment inside a directive: give it a line before the directive')
  }
  if (code === doubleQuote || code === singleQuote || code === backquote) return readQuoted(reader, code)
  return readBare(reader)
}

/** The word under construction: `text` up to `from`, and what its offsets mean. */
interface Draft {
  text: string
  from: number
  readonly marks: [number, number, number][]
}

/** Ends a chunk at the reader's place, and begins the next there once `move` has moved the reader. */
function cut(reader: Reader, draft: Draft, move: () => void): void {
  draft.text += reader.text.slice(draft.from, reader.offset)
  move()
  draft.from = reader.offset
  draft.marks.push([draft.text.length, reader.line, reader.offset - reader.lineStart + 1])
}

/** `\"` in "…" is a quote; every other backslash stays, since most of them belong to regular expressions. */
function readQuoted(reader: Reader, quote: number): Word {
  const { text } = reader
  const at = here(reader)
  const opening = reader.offset++
  const draft: Draft = {
    text: '',
    from: reader.offset,
    marks: [[0, reader.line, reader.offset - reader.lineStart + 1]],
  }
  for (;;) {
    const code = text.charCodeAt(reader.offset)
    if (code === quote) break
    if (code === backslash && continuation(text, reader.offset) > 0) {
      cut(reader, draft, () => skipContinuation(reader))
    } else if (code === backslash && quote !== backquote) {
      readEscape(reader, draft, quote)
    } else if (quote === backquote && lineEnd(text, reader.offset) > 0) {
      // Coraza: a list in backquotes may take several lines without backslashes.
      cut(reader, draft, () => skipLineEnd(reader))
    } else if (Number.isNaN(code) || lineEnd(text, reader.offset) > 0) {
      refuseLooseBackslash(reader)
      const word = text.slice(opening, endOfLine(text, opening))
      const sign = String.fromCharCode(quote)
      throw fault(at, word, `opens a quote that is not closed: add ${sign}, or end the line with \\ to continue it`)
    } else reader.offset++
  }
  draft.text += text.slice(draft.from, reader.offset++)
  expectBlank(reader, quote)
  return { file: reader.file, text: draft.text, at, marks: draft.marks }
}

/** A backslash in quotes: two places are marked for `\"`, since one character stands for two. */
function readEscape(reader: Reader, draft: Draft, quote: number): void {
  const next = reader.text.charCodeAt(reader.offset + 1)
  if (next === quote) {
    cut(reader, draft, () => reader.offset++)
    reader.offset++
    cut(reader, draft, () => {})
  } else if (next === backslash && continuation(reader.text, reader.offset + 1) === 0) {
    // A pair stays a pair: the second backslash does not escape the quote behind it.
    reader.offset += 2
  } else reader.offset++
}

/** An inner quote without its backslash is the commonest slip; it must not silently become two arguments. */
function expectBlank(reader: Reader, quote: number): void {
  const { text, offset } = reader
  if (offset >= text.length || isBlank(text.charCodeAt(offset)) || lineEnd(text, offset) > 0) return
  if (continuation(text, offset) > 0) return
  const sign = String.fromCharCode(quote)
  const word = text.slice(offset, endOfLine(text, offset))
  throw fault(
    here(reader),
    word,
    `follows a closing quote: put a blank between them, or write \\${sign} for a quote inside`,
  )
}

/** A word without quotes ends at a blank; blanks inside `:'…'` belong to it (`ARGS:'/a b/'`). */
function readBare(reader: Reader): Word {
  const { text } = reader
  const at = here(reader)
  const draft: Draft = { text: '', from: reader.offset, marks: [[0, at.line, at.column]] }
  let before = 0
  for (;;) {
    const code = text.charCodeAt(reader.offset)
    if (Number.isNaN(code) || isBlank(code) || lineEnd(text, reader.offset) > 0) break
    if (code === backslash && continuation(text, reader.offset) > 0) {
      if (before !== bar && before !== comma) break
      cut(reader, draft, () => skipContinuation(reader))
      before = 0
    } else if (code === singleQuote && before === colon) {
      skipInnerQuote(reader)
      before = singleQuote
    } else {
      reader.offset++
      before = code
    }
  }
  if (before === backslash) refuseLooseBackslash(reader)
  draft.text += text.slice(draft.from, reader.offset)
  return { file: reader.file, text: draft.text, at, marks: draft.marks }
}

/** To behind the closing quote. The quotes and escapes stay in the word: targets and actions read them (quotes.ts). */
function skipInnerQuote(reader: Reader): void {
  const { text } = reader
  const at = here(reader)
  const opening = reader.offset++
  while (text.charCodeAt(reader.offset) !== singleQuote) {
    if (reader.offset >= text.length || lineEnd(text, reader.offset) > 0 || continuation(text, reader.offset) > 0) {
      throw fault(at, text.slice(opening, endOfLine(text, opening)), "opens a quote that is not closed: add '")
    }
    const escaped = text.charCodeAt(reader.offset) === backslash && lineEnd(text, reader.offset + 1) === 0
    reader.offset = Math.min(reader.offset + (escaped ? 2 : 1), text.length)
  }
  reader.offset++
}

/** Throws if the line up to here ends in a backslash and blanks, which look like a continuation and are none. */
function refuseLooseBackslash(reader: Reader): void {
  const { text } = reader
  const end = endOfLine(text, reader.offset)
  let last = end - 1
  while (last > reader.lineStart && isBlank(text.charCodeAt(last))) last--
  if (last < reader.lineStart || text.charCodeAt(last) !== backslash) return
  const at = { ...here(reader), column: last - reader.lineStart + 1 }
  const says =
    end === text.length
      ? 'continues a line, but the file ends'
      : 'continues a line only at its end: remove the blanks behind it'
  throw fault(at, '\\', says)
}
