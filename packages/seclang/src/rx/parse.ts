/** Reads PCRE2 syntax into the tree of syntax.ts. Options such as (?i) are worked in here, so that no later step has to
 *  know them. Source: pcre2pattern(3) and pcre2syntax(3), version 10.43, without UTF. */

import { patternBytesMax, patternDepthMax, patternGroupsMax, patternNodesMax } from '../bounds.ts'
import { allBytes, bytesOf, complement, foldCase, lineFeed, single } from './byteset.ts'
import { readClass } from './classes.ts'
import { quotation, readEscape } from './escapes.ts'
import { type Opening, type Options, readOpening } from './groups.ts'
import { quantify, readQuantifier } from './quantifiers.ts'
import { checkReferences } from './references.ts'
import { choice, empty, type Node, RegexError, type RegexOptions, sequence, type Tree } from './syntax.ts'

/** Where the parser stands. `options` are those of the innermost group. */
interface Parser {
  readonly source: string
  readonly names: Map<string, number>
  at: number
  groups: number
  depth: number
  nodes: number
  options: Options
}

/** An item, and whether a quantifier may follow it: PCRE2 refuses `^*`, `\b+` and `(?i)*`. */
interface Item {
  readonly node: Node
  readonly repeatable: boolean
}

const newline = complement(lineFeed)

/** Skips what means nothing: comments, a lone \E, and under (?x) white space and # to the end of the line. */
const skipIgnored = (parser: Parser): void => {
  const { source } = parser
  for (;;) {
    const character = source[parser.at] ?? ''
    if (source.startsWith('(?#', parser.at)) {
      const close = source.indexOf(')', parser.at)
      if (close < 0) throw new RegexError('a comment is not closed', parser.at)
      parser.at = close + 1
    } else if (source.startsWith('\\E', parser.at)) parser.at += 2
    else if (source.startsWith('\\Q\\E', parser.at)) parser.at += 4
    else if (!parser.options.extended) return
    else if (character === '#') {
      const line = source.indexOf('\n', parser.at)
      parser.at = line < 0 ? source.length : line + 1
    } else if (character !== '' && '\t\n\v\f\r '.includes(character)) parser.at++
    else return
  }
}

const literal = (parser: Parser, code: number): Node => {
  const bytes = single(code)
  return { kind: 'set', bytes: parser.options.ignoreCase ? foldCase(bytes) : bytes }
}

const resolve = (parser: Parser, group: number | string, at: number): number => {
  const relative = typeof group === 'string' && group.startsWith('-')
  const index =
    typeof group === 'number' ? group : relative ? parser.groups + 1 + Number(group) : parser.names.get(group)
  if (index === undefined || !(index >= 1 && index <= parser.groups)) {
    throw new RegexError('a reference must name a capturing group to its left', at)
  }
  return index
}

/** \R is atomic: a CR and the LF behind it are never torn apart. */
const lineBreak = (offset: number): Node => ({
  kind: 'atomic',
  offset,
  body: choice([
    sequence([
      { kind: 'set', bytes: bytesOf('\r') },
      { kind: 'set', bytes: lineFeed },
    ]),
    { kind: 'set', bytes: bytesOf('\n\v\f\r\x85') },
  ]),
})

const readBackslash = (parser: Parser): Item => {
  const { source, at } = parser
  const read = readEscape(source, at, parser.groups, false)
  parser.at = read.end
  switch (read.kind) {
    case 'byte':
      return { node: literal(parser, read.byte), repeatable: true }
    case 'class':
      return { node: { kind: 'set', bytes: read.bytes }, repeatable: true }
    case 'place':
      return { node: { kind: 'assert', place: read.place }, repeatable: false }
    case 'lineBreak':
      return { node: lineBreak(at), repeatable: true }
    case 'nothing':
      return { node: empty, repeatable: false }
    case 'back': {
      const index = resolve(parser, read.group, at)
      return { node: { kind: 'back', index, ignoreCase: parser.options.ignoreCase, offset: at }, repeatable: true }
    }
    case 'quote': {
      // A quantifier behind \E belongs to the last byte alone, so all but one byte are handed out unquantified.
      const { text, end } = quotation(source, read.end)
      parser.at = end
      if (text === '') return { node: empty, repeatable: false }
      const nodes = Array.from(text, (character) => literal(parser, character.charCodeAt(0)))
      const last = nodes.pop() as Node
      skipIgnored(parser)
      const quantifier = readQuantifier(source, parser.at)
      if (quantifier === null) return { node: sequence([...nodes, last]), repeatable: false }
      parser.at = quantifier.end
      return { node: sequence([...nodes, quantify(last, quantifier, at)]), repeatable: false }
    }
    default:
      return read satisfies never
  }
}

const readGroup = (parser: Parser, opening: Opening): Item => {
  const outer = parser.options
  const start = parser.at - 1
  parser.at = opening.end
  if (opening.kind === 'options') {
    parser.options = opening.options
    return { node: empty, repeatable: false }
  }
  if (opening.kind === 'reference') {
    const index = resolve(parser, opening.name, start)
    return { node: { kind: 'back', index, ignoreCase: outer.ignoreCase, offset: start }, repeatable: true }
  }
  let index = 0
  if (opening.kind === 'capture') {
    index = ++parser.groups
    if (index > patternGroupsMax) throw new RegexError('the pattern has too many capturing groups', start)
    if (opening.name !== null) {
      if (parser.names.has(opening.name)) throw new RegexError('two groups have the same name', start)
      parser.names.set(opening.name, index)
    }
  }
  if (opening.kind === 'plain') parser.options = opening.options
  const body = readChoice(parser)
  if (parser.source[parser.at] !== ')') throw new RegexError('a group is not closed', start)
  parser.at++
  parser.options = outer
  switch (opening.kind) {
    case 'capture':
      return { node: { kind: 'capture', index, body }, repeatable: true }
    case 'atomic':
      return { node: { kind: 'atomic', body, offset: start }, repeatable: true }
    case 'look':
      return {
        node: { kind: 'look', ahead: opening.ahead, negative: opening.negative, body, offset: start },
        repeatable: true,
      }
    default:
      return { node: body, repeatable: true }
  }
}

const readItem = (parser: Parser): Item => {
  const { source, at, options } = parser
  const character = source[at] as string
  parser.at++
  switch (character) {
    case '\\':
      parser.at = at
      return readBackslash(parser)
    case '[': {
      const { bytes, end } = readClass(source, at, options.ignoreCase)
      parser.at = end
      return { node: { kind: 'set', bytes }, repeatable: true }
    }
    case '(':
      return readGroup(parser, readOpening(source, at, options))
    case '.':
      return { node: { kind: 'set', bytes: options.dotAll ? allBytes : newline }, repeatable: true }
    case '^':
      return { node: { kind: 'assert', place: options.multiline ? 'lineStart' : 'start' }, repeatable: false }
    case '$':
      return { node: { kind: 'assert', place: options.multiline ? 'lineEnd' : 'finalEnd' }, repeatable: false }
    default:
      return { node: literal(parser, character.charCodeAt(0)), repeatable: true }
  }
}

const readSequence = (parser: Parser): Node => {
  const items: Node[] = []
  for (;;) {
    skipIgnored(parser)
    const start = parser.at
    const character = parser.source[start]
    if (character === undefined || character === '|' || character === ')') return sequence(items)
    if (readQuantifier(parser.source, start) !== null) throw new RegexError('there is nothing to repeat', start)
    if (++parser.nodes > patternNodesMax) throw new RegexError('the pattern has too many parts', start)
    const { node, repeatable } = readItem(parser)
    if (!repeatable) {
      items.push(node)
      continue
    }
    skipIgnored(parser)
    const quantifier = readQuantifier(parser.source, parser.at)
    if (quantifier !== null) parser.at = quantifier.end
    items.push(quantifier === null ? node : quantify(node, quantifier, start))
  }
}

/** Alternatives up to a closing parenthesis or the end. An option set inside one holds in those to its right as well. */
const readChoice = (parser: Parser): Node => {
  if (++parser.depth > patternDepthMax) throw new RegexError('groups are nested too deeply', parser.at)
  const options = [readSequence(parser)]
  while (parser.source[parser.at] === '|') {
    parser.at++
    options.push(readSequence(parser))
  }
  parser.depth--
  return choice(options)
}

/** Parses a pattern of latin1 bytes. Throws `RegexError` if it is malformed, over a bound, or not supported exactly. */
export const parseRegex = (source: string, options: RegexOptions): Tree => {
  if (source.length > patternBytesMax) throw new RegexError('the pattern is too long', patternBytesMax)
  for (let at = 0; at < source.length; at++) {
    if (source.charCodeAt(at) > 0xff) throw new RegexError('the pattern holds a character that is not a byte', at)
  }
  const parser: Parser = {
    source,
    names: new Map(),
    at: 0,
    groups: 0,
    depth: 0,
    nodes: 0,
    options: { ...options, extended: false },
  }
  const root = readChoice(parser)
  if (parser.at < source.length) throw new RegexError('a closing parenthesis has no group', parser.at)
  const tree: Tree = { root, groups: parser.groups }
  checkReferences(tree)
  return tree
}
