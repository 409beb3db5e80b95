import { SaxesParser } from 'saxes'
import type { BodyBounds, BodyProcessor } from './body.ts'
import { isAsciiSuperset, refusesCharset } from './charset.ts'
import { parsedBody } from './parsed-body.ts'

/** XML 1.0 bodies. `text` is what libxml2 gives ModSecurity for `/*`: all character data of the root element, joined (comments and
 *  processing instructions are none); `attributes` are the values of `//@*`. Namespaces are not checked, as SOAP fragments
 *  leave them open. Refused: any document type (XXE, CWE-611; entity expansion, CWE-776), entities beyond the five, XML 1.1
 *  (other line ends and characters), encodings that hide text. An empty body is no error. Linear time. */
export const xml: BodyProcessor = (body, contentType, bounds, isCut = false) => {
  if (body === '') return parsedBody({})
  const found: Found = { text: '', attributes: [], error: null, overBound: false }
  if (refusesCharset(contentType)) found.error = 'charset is not a superset of ASCII'
  const decoded = decodeUtf8(body) ?? (isCut ? decodeUtf8(withoutCutCharacter(body)) : null)
  parse(decoded ?? body, { isUtf8: decoded !== null, isCut }, bounds, found)
  return parsedBody({
    xml: { text: encodeUtf8(found.text), attributes: found.attributes.map(encodeUtf8) },
    error: found.error === null ? null : `XML parsing error: ${found.error}`,
    overBound: found.overBound,
  })
}

interface Found {
  text: string
  readonly attributes: string[]
  error: string | null
  overBound: boolean
}

/** Ends the parse from inside of a callback: the parser has no other way, and would go on to report an error a byte. */
const stop: Error = new Error('stop')

function parse(
  text: string,
  { isUtf8, isCut }: { isUtf8: boolean; isCut: boolean },
  bounds: BodyBounds,
  found: Found,
): void {
  const parser = new SaxesParser({ position: false })
  let depth = 0
  let encoding = 'utf-8'
  const fail = (problem: string): never => {
    found.error ??= problem
    throw stop
  }
  let ending = false
  parser.on('error', (error) => {
    // At the end of a cut text all that is missing is what was cut off.
    if (!ending) fail(error.message)
  })
  parser.on('doctype', () => fail('document type'))
  parser.on('xmldecl', (declaration) => {
    if (declaration.version !== '1.0') fail('version is not 1.0')
    encoding = declaration.encoding ?? encoding
    if (!isAsciiSuperset(encoding)) fail('encoding is not a superset of ASCII')
  })
  const collect = (piece: string): void => {
    if (depth > 0) found.text += piece
  }
  parser.on('text', collect)
  parser.on('cdata', collect)
  parser.on('attribute', (attribute) => {
    if (found.attributes.length >= bounds.valuesMax) {
      found.overBound = true
      fail(`more than ${bounds.valuesMax} attributes`)
    }
    // Namespace declarations are no attributes in XPath (XPath 1.0 §5.3).
    if (attribute.name !== 'xmlns' && !attribute.name.startsWith('xmlns:')) found.attributes.push(attribute.value)
  })
  parser.on('opentagstart', () => {
    depth += 1
    if (depth > bounds.depthMax) fail(`more than ${bounds.depthMax} levels`)
    // Only now is the declaration read for certain: bytes that are not UTF-8 need another encoding to be declared.
    if (!isUtf8 && encoding.toLowerCase().startsWith('utf')) found.error ??= 'invalid UTF-8'
  })
  parser.on('closetag', () => {
    depth -= 1
  })
  try {
    parser.write(text)
    ending = isCut
    parser.close()
  } catch {
    found.error ??= 'not well-formed' // the parser's own failure: hostile input must not become an exception
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The characters of these bytes; null where they are not UTF-8. Names, and references such as `&#233;`, need characters. */
function decodeUtf8(bytes: string): string | null {
  if (!/[\x80-\xff]/.test(bytes)) return bytes
  try {
    return decoder.decode(Buffer.from(bytes, 'latin1'))
  } catch {
    return null
  }
}

/** Without the first bytes of a character that is cut (RFC 3629 §3: at most three of four). */
function withoutCutCharacter(bytes: string): string {
  for (let at = bytes.length - 1; at >= 0 && at >= bytes.length - 3; at -= 1) {
    const code = bytes.charCodeAt(at)
    if (code >= 0xc0) return bytes.slice(0, at)
    if (code < 0x80) break
  }
  return bytes
}

/** The bytes of these characters; the very same string where all are ASCII. */
function encodeUtf8(text: string): string {
  return /[^\x00-\x7f]/.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text
}
