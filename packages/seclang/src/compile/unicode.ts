/** SecUnicodeMapFile: which byte `%uHHHH` stands for on the server behind, for every `t:urlDecodeUni` of the rule set. */

import { SecLangError } from '../parse/syntax.ts'
import type { Transformation } from '../transformations/transformation.ts'
import { parseUnicodeMap } from '../transformations/unicode-map.ts'
import { urlDecodeUniWith } from '../transformations/url-decode-uni.ts'
import type { Setting } from './assemble.ts'
import type { Item } from './definition.ts'

/** By content, so that reloading the same map makes no new transformation (chains are kept for the process's life). */
const decoders = new Map<string, Transformation>()

/** The rules with `t:urlDecodeUni` as the last SecUnicodeMapFile has it; the same rules where there is none. */
export function withUnicodeMap(
  items: readonly Item[],
  settings: readonly Setting[],
  readText: (path: string, setting: Setting) => string,
): readonly Item[] {
  const setting = settings.findLast(({ name }) => name === 'SecUnicodeMapFile')
  if (setting === undefined) return items
  const decoder = decoderOf(setting, readText)
  return items.map((item) => {
    if (item.kind !== 'rule') return item
    const links = item.rule.links.map((link) => ({
      ...link,
      transformations: link.transformations.map((one) => (one.name === decoder.name ? decoder : one)),
    }))
    return { kind: 'rule', rule: { ...item.rule, links } }
  })
}

function decoderOf(setting: Setting, readText: (path: string, setting: Setting) => string): Transformation {
  const { at, argument } = setting
  const [, path, page] = /^(.+) ([0-9]{1,9})$/.exec(argument) ?? []
  if (path === undefined || page === undefined) {
    throw new SecLangError(at, argument, `"${argument}" names no code page: write SecUnicodeMapFile FILE CODEPAGE`)
  }
  const map = parseUnicodeMap(readText(path, setting), Number(page))
  if (map.size === 0) {
    throw new SecLangError(at, page, `"${path}" has no code page ${page}: name one of those that it lists`)
  }
  const content = JSON.stringify([...map])
  const known = decoders.get(content) ?? urlDecodeUniWith(map)
  decoders.set(content, known)
  return known
}
