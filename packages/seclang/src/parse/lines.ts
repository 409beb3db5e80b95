/**
 * The lines of a rule file: where they end, how they continue, what is comment, and which line and column an offset is.
 *
 * A backslash before the line's end continues it, inside quotes too; the blanks that begin the next line are dropped
 * (ModSecurity 3, seclang-scanner.ll).
 */

import { ruleFileBytesMax } from '../bounds.ts'
import { isBlank, skipBlanks } from './blanks.ts'
import { fault } from './fault.ts'
import { type Position, SecLangError } from './syntax.ts'

const newline = 0x0a
const carriageReturn = 0x0d
const hash = 0x23
const backslash = 0x5c
/** U+FEFF as latin1 (RFC 3629 section 6). Editors do not show it, so columns do not count it. */
const byteOrderMark = '\xef\xbb\xbf'

/** The place in one file; `offset` moves forward only. */
export interface Reader {
  readonly file: string
  readonly text: string
  offset: number
  line: number
  /** Offset of the line's first character. */
  lineStart: number
}

/** A reader at the start of `text` (latin1). Throws on a file too large, and on NUL: no rule has one, and C programs read no further. */
export function openFile(text: string, file: string): Reader {
  const start = text.startsWith(byteOrderMark) ? byteOrderMark.length : 0
  const reader: Reader = { file, text, offset: start, line: 1, lineStart: start }
  if (text.length > ruleFileBytesMax) {
    const reason = `the file has ${text.length} bytes; at most ${ruleFileBytesMax} are read: split it`
    throw new SecLangError(here(reader), '', reason)
  }
  const nul = text.indexOf('\0')
  if (nul >= 0) {
    while (reader.offset < nul) step(reader)
    throw fault(here(reader), '\0', 'is not text: remove the NUL byte')
  }
  return reader
}

/** The reader's position now. */
export function here(reader: Reader): Position {
  return { file: reader.file, line: reader.line, column: reader.offset - reader.lineStart + 1 }
}

/** Moves to the next directive, past blank lines and comments; false at the end of the file. */
export function toDirective(reader: Reader): boolean {
  const { text } = reader
  while (reader.offset < text.length) {
    const code = text.charCodeAt(reader.offset)
    if (code === hash) skipComment(reader)
    else if (isBlank(code) || lineEnd(text, reader.offset) > 0) step(reader)
    else if (skipContinuation(reader)) continue
    else return true
  }
  return false
}

/** Characters that tell a commented directive from prose. */
const headCharacters = 16
const commentedDirective = /^#[#\t ]*sec[a-z]/i
const directiveHead = /^(?:sec[a-z]|include)/i

/**
 * A comment ends with its line, unless it is a directive that was commented out and continued: then the lines that
 * continue it are comment too (ModSecurity 3). A line that begins a directive of its own ends it in any case: a rule must
 * not disappear because the comment above it ends with a backslash.
 */
function skipComment(reader: Reader): void {
  const { text } = reader
  let goesOn = commentedDirective.test(text.slice(reader.offset, reader.offset + headCharacters))
  do {
    const end = endOfLine(text, reader.offset)
    goesOn &&= end > reader.offset && text.charCodeAt(end - 1) === backslash
    reader.offset = end
    if (end < text.length) skipLineEnd(reader)
    goesOn &&= !directiveHead.test(text.slice(reader.offset, reader.offset + headCharacters))
  } while (goesOn && reader.offset < text.length)
}

/** Characters of the line's end at `offset`: LF or CR LF; 0 if none is there. */
export function lineEnd(text: string, offset: number): number {
  const code = text.charCodeAt(offset)
  if (code === newline) return 1
  return code === carriageReturn && text.charCodeAt(offset + 1) === newline ? 2 : 0
}

/** The offset where the line of `offset` ends: of its LF or CR LF, or of the file's end. */
export function endOfLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  if (end < 0) return text.length
  return end > offset && text.charCodeAt(end - 1) === carriageReturn ? end - 1 : end
}

/** Characters of a backslash and the line's end behind it; 0 if there is none. */
export function continuation(text: string, offset: number): number {
  if (text.charCodeAt(offset) !== backslash) return 0
  const end = lineEnd(text, offset + 1)
  return end === 0 ? 0 : end + 1
}

/** Moves past a continuation and the blanks behind it; false, and no move, if none is here. */
export function skipContinuation(reader: Reader): boolean {
  if (continuation(reader.text, reader.offset) === 0) return false
  reader.offset++
  skipLineEnd(reader)
  return true
}

/** Past the line's end and the blanks that begin the next line. */
export function skipLineEnd(reader: Reader): void {
  step(reader)
  reader.offset = skipBlanks(reader.text, reader.offset)
}

/** One character on, or one line's end. */
function step(reader: Reader): void {
  const end = lineEnd(reader.text, reader.offset)
  reader.offset += Math.max(end, 1)
  if (end === 0) return
  reader.line++
  reader.lineStart = reader.offset
}
