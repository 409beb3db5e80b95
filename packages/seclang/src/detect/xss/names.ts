import { htmlNameBytesMax } from '../../bounds.ts'

/** What an attribute's value may do: nothing, run as it stands, run if it is a script URL, or run if it names an
 *  attribute that can (SVG's `<set attributeName=onload>`). */
export type Danger = 'none' | 'always' | 'url' | 'attribute'

/** Elements that run code, load a page into the page, or change how the rest is read (HTML standard §4 and §16.2). */
const tags: ReadonlySet<string> = new Set([
  'applet',
  'base',
  'embed',
  'frame',
  'frameset',
  'iframe',
  'import',
  'isindex',
  'link',
  'math',
  'meta',
  'noembed',
  'noframes',
  'noscript',
  'object',
  'plaintext',
  'script',
  'style',
  'xml',
  'xmp',
  'xss',
])

/** Attributes that take a URL which the browser may follow without being asked, or on a click. */
const urlAttributes: ReadonlySet<string> = new Set([
  'action',
  'background',
  'by',
  'cite',
  'classid',
  'code',
  'codebase',
  'data',
  'dynsrc',
  'folder',
  'formaction',
  'from',
  'handler',
  'href',
  'longdesc',
  'lowsrc',
  'manifest',
  'poster',
  'profile',
  'src',
  'to',
  'usemap',
  'values',
])

/** Attributes whose value is code or a document. The last three are Internet Explorer's data binding. */
const codeAttributes: ReadonlySet<string> = new Set(['style', 'srcdoc', 'datasrc', 'datafld', 'dataformatas'])

/** No name that matters begins shorter than `oncut` and `xmlns`. */
const prefixBytesMin = 5

/** True for `on` and three letters: all events have those, `on_behalf_of` and the `once"` of quoted words do not. */
function isEvent(name: string): boolean {
  if (!name.startsWith('on')) return false
  for (let at = 2; at < prefixBytesMin; at++) {
    const code = name.charCodeAt(at)
    if (code < 0x61 || code > 0x7a) return false
  }
  return true
}

/** A name as it is compared: lower case, without NUL, cut where no name that matters is longer. */
export function plainName(text: string, start: number, end: number): string {
  let name = ''
  for (let at = start; at < end && name.length < htmlNameBytesMax; at++) {
    if (text.charCodeAt(at) !== 0) name += text.charAt(at)
  }
  return name.toLowerCase()
}

/** True for an element that user input has no business to open. Read from the last `:` or `<` on too: an XML prefix may name any
 *  namespace, and of `<scr<script>ipt>` a filter that takes `<script>` out once makes a tag. */
export function isDangerousTag(name: string): boolean {
  const local = name.slice(Math.max(name.lastIndexOf(':'), name.lastIndexOf('<')) + 1)
  return tags.has(local) || local.startsWith('svg') || name.startsWith('svg') || name.startsWith('xsl')
}

/** What a value can do in the attribute `name` (plain, see {@link plainName}). Any event counts, known or to come. */
export function attributeDanger(name: string): Danger {
  if (name.length >= prefixBytesMin) {
    if (isEvent(name)) return 'always'
    if (name.startsWith('xmlns') || name.startsWith('xlink')) return 'always' // the element may be any, then
  }
  if (codeAttributes.has(name)) return 'always'
  if (urlAttributes.has(name)) return 'url'
  return name === 'attributename' ? 'attribute' : 'none'
}
