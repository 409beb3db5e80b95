/** YAML as a configuration needs it: one document of plain values, each with its place. What would surprise is refused: tags,
 *  directives, merge keys, doubled keys, further documents, anything deep or long. YAML 1.2, core schema: `off` is a word. */
import {
  type Alias,
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  Parser,
  type YAMLMap,
} from 'yaml'
import { aliasedValuesMax, configBytesMax, configDepthMax } from './bounds.ts'
import { ConfigError, type Fault, shown } from './fault.ts'
import type { Inner, Located } from './located.ts'

export interface YamlFile {
  readonly root: Located
  /** A fault at a place of this file. */
  readonly fault: (at: number, word: string, message: string) => Fault
}

interface Reading {
  readonly complain: (at: number, word: string, message: string) => void
  /** Anchors of what was read whole: an alias inside its own anchor finds none. */
  readonly anchors: Map<string, Located>
  aliased: number
}

/** Reads a whole file. Throws `ConfigError` with every fault of the YAML; `file` is what messages call it. */
export function readYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter()
  const fault = (at: number, word: string, message: string): Fault => {
    const { line, col } = lines.linePos(Math.min(at, text.length))
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), word, message: message.replaceAll(/\s+/g, ' ') }
  }
  const faults: Fault[] = []
  const complain: Reading['complain'] = (at, word, message) => void faults.push(fault(at, word, message))
  const stopIfAny = (): void => {
    if (faults.length > 0) throw new ConfigError(firstOfEachLine(faults))
  }
  if (text.length > configBytesMax) {
    complain(0, '', `longer than ${configBytesMax} bytes: is this the configuration file?`)
    stopIfAny()
  }
  const tokens = [...new Parser(lines.addNewLine).parse(text)]
  complainOfTokens(tokens, complain)
  stopIfAny()
  // `uniqueKeys` compares each key with all others; the walk below does it with a set.
  const document = compose(tokens, text)
  for (const { pos, message } of document.errors) complain(pos[0], '', `this is no YAML: ${message}`)
  stopIfAny()
  const root = locate(document.contents, 0, { complain, anchors: new Map(), aliased: 0 })
  stopIfAny()
  return { root, fault }
}

function compose(tokens: readonly CST.Token[], text: string): Document.Parsed {
  const composer = new Composer({ version: '1.2', schema: 'core', merge: false, uniqueKeys: false, logLevel: 'silent' })
  const [document] = composer.compose(tokens, true, text.length)
  return document as Document.Parsed
}

/** Looks at the tokens before anything recurses over them. A loop of its own stack, for that reason. */
function complainOfTokens(tokens: readonly CST.Token[], complain: Reading['complain']): void {
  const documents = tokens.filter(({ type }) => type === 'document')
  const second = documents[1]
  if (second !== undefined) complain(offset(second), '---', 'a second document: use one document a file')
  const open: [part: unknown, depth: number][] = tokens.map((token) => [token, 0])
  while (open.length > 0) {
    const [part, depth] = open.pop()!
    if (typeof part !== 'object' || part === null) continue
    const token = part as CST.Token
    if (depth > configDepthMax) {
      complain(offset(token), '', `nested more than ${configDepthMax} levels deep: no key of a configuration is`)
      return
    }
    const source = 'source' in token ? String(token.source) : ''
    if (token.type === 'directive') complain(offset(token), source, 'a YAML directive: take the line out')
    if ((token.type as string) === 'tag') complain(offset(token), source, `a YAML tag, ${shown(source)}: take it out`)
    for (const [inner, deeper] of innerTokens(token)) open.push([inner, depth + deeper])
  }
}

/** A token's parts, and how many levels deeper each is. */
function* innerTokens(token: CST.Token): Generator<[unknown, 0 | 1]> {
  const { start, items, end, value } = token as Partial<Record<'start' | 'items' | 'end' | 'value', unknown>>
  for (const list of [start, end]) if (Array.isArray(list)) for (const one of list) yield [one, 0]
  if (token.type === 'document') yield [value, 0]
  if (!Array.isArray(items)) return
  for (const { start: before, key, sep, value: held } of items as CST.CollectionItem[]) {
    for (const one of [...before, ...(sep ?? [])]) yield [one, 0]
    yield [key, 1]
    yield [held, 1]
  }
}

function offset(token: CST.Token): number {
  return 'offset' in token ? token.offset : 0
}

/** `emptyAt`: where to point when nothing is written. */
function locate(node: unknown, emptyAt: number, reading: Reading): Located {
  if (isAlias(node)) return aliased(node, reading)
  const found = plain(node, emptyAt, reading)
  const anchor = (node as (Node & { anchor?: string }) | null)?.anchor
  if (anchor !== undefined) reading.anchors.set(anchor, found)
  return found
}

function plain(node: unknown, emptyAt: number, reading: Reading): Located {
  if (isMap(node)) return mapping(node, reading)
  if (isSeq(node)) {
    const inner = new Map<number, Inner>()
    for (const [index, item] of node.items.entries()) {
      const value = locate(item, startOf(item as Node | null), reading)
      inner.set(index, { keyAt: value.at, value })
    }
    return holding(
      startOf(node),
      inner,
      [...inner.values()].map(({ value }) => value.value),
    )
  }
  const value = isScalar(node) ? node.value : null
  const [from, to] = (isScalar(node) ? node.range : null) ?? [emptyAt, emptyAt]
  return { value, at: from === to ? emptyAt : from, inner: new Map(), size: 1 }
}

function mapping(node: YAMLMap, reading: Reading): Located {
  const inner = new Map<string, Inner>()
  const object: Record<string, unknown> = Object.create(null)
  for (const pair of node.items) {
    const key = keyOf(pair, reading)
    if (key === null) continue
    const { word, at } = key
    const value = locate(pair.value, at, reading)
    if (inner.has(word)) reading.complain(at, word, `${shown(word)} stands here twice: take one out`)
    inner.set(word, { keyAt: at, value })
    object[word] = value.value
  }
  return holding(startOf(node), inner, object)
}

function holding(at: number, inner: ReadonlyMap<string | number, Inner>, value: unknown): Located {
  let size = 1
  for (const one of inner.values()) size += one.value.size
  return { value, at, inner, size }
}

function keyOf({ key }: Pair, { complain }: Reading): { word: string; at: number } | null {
  if (!isScalar(key) || key.value === null || key.value === '') {
    complain(startOf(key as Node | null), '', 'this is no key: write a word and a colon')
    return null
  }
  // `404:` is a number to YAML; as a key it is the word that was written.
  const word = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value))
  if (word === '<<') complain(startOf(key), word, '"<<" would merge keys from elsewhere: write them out')
  return { word, at: startOf(key) }
}

function aliased(node: Alias, reading: Reading): Located {
  const at = startOf(node)
  const nothing: Located = { value: null, at, inner: new Map(), size: 1 }
  const target = reading.anchors.get(node.source)
  if (target === undefined) {
    reading.complain(at, `*${node.source}`, `no anchor ${shown(node.source)} before this alias: write the value out`)
    return nothing
  }
  reading.aliased += target.size
  if (reading.aliased <= aliasedValuesMax) return { ...target, at }
  reading.complain(at, `*${node.source}`, `aliases stand for more than ${aliasedValuesMax} values: write them out`)
  return nothing
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0
}

/** One slip of the pen makes a parser complain of all that follows. */
function firstOfEachLine(faults: readonly Fault[]): readonly Fault[] {
  const lines = new Set<number>()
  return faults.filter(({ line }) => !lines.has(line) && lines.add(line))
}
