import { base64Decode } from './base64-decode.ts'
import { base64DecodeExt } from './base64-decode-ext.ts'
import { base64Encode } from './base64-encode.ts'
import { cmdLine } from './cmd-line.ts'
import { compressWhitespace } from './compress-whitespace.ts'
import { cssDecode } from './css-decode.ts'
import { escapeSeqDecode } from './escape-seq-decode.ts'
import { hexDecode } from './hex-decode.ts'
import { hexEncode } from './hex-encode.ts'
import { htmlEntityDecode } from './html-entity-decode.ts'
import { jsDecode } from './js-decode.ts'
import { length } from './length.ts'
import { lowercase } from './lowercase.ts'
import { md5 } from './md5.ts'
import { normalisePath } from './normalise-path.ts'
import { normalisePathWin } from './normalise-path-win.ts'
import { parityEven7bit } from './parity-even-7bit.ts'
import { parityOdd7bit } from './parity-odd-7bit.ts'
import { parityZero7bit } from './parity-zero-7bit.ts'
import { phpArgsNames } from './php-args-names.ts'
import { removeComments } from './remove-comments.ts'
import { removeCommentsChar } from './remove-comments-char.ts'
import { removeNulls } from './remove-nulls.ts'
import { removeWhitespace } from './remove-whitespace.ts'
import { replaceComments } from './replace-comments.ts'
import { replaceNulls } from './replace-nulls.ts'
import { sha1 } from './sha1.ts'
import { sqlHexDecode } from './sql-hex-decode.ts'
import type { Transformation } from './transformation.ts'
import { trim } from './trim.ts'
import { trimLeft } from './trim-left.ts'
import { trimRight } from './trim-right.ts'
import { uppercase } from './uppercase.ts'
import { urlDecode } from './url-decode.ts'
import { urlDecodeUni } from './url-decode-uni.ts'
import { urlEncode } from './url-encode.ts'
import { utf8toUnicode } from './utf8-to-unicode.ts'

/** The transformations of ModSecurity 3's reference, by their names there. `none` is not one of them: it empties the list, which
 *  the compiler does. */
export type TransformationName =
  | 'base64Decode'
  | 'base64DecodeExt'
  | 'base64Encode'
  | 'cmdLine'
  | 'compressWhitespace'
  | 'cssDecode'
  | 'escapeSeqDecode'
  | 'hexDecode'
  | 'hexEncode'
  | 'htmlEntityDecode'
  | 'jsDecode'
  | 'length'
  | 'lowercase'
  | 'md5'
  | 'normalisePath'
  | 'normalisePathWin'
  | 'parityEven7bit'
  | 'parityOdd7bit'
  | 'parityZero7bit'
  | 'phpArgsNames'
  | 'removeComments'
  | 'removeCommentsChar'
  | 'removeNulls'
  | 'removeWhitespace'
  | 'replaceComments'
  | 'replaceNulls'
  | 'sha1'
  | 'sqlHexDecode'
  | 'trim'
  | 'trimLeft'
  | 'trimRight'
  | 'uppercase'
  | 'urlDecode'
  | 'urlDecodeUni'
  | 'urlEncode'
  | 'utf8toUnicode'

/** One row a file; the type makes a missing, double or wrongly named row an error. */
export const transformations: { readonly [Name in TransformationName]: Transformation<Name> } = {
  base64Decode,
  base64DecodeExt,
  base64Encode,
  cmdLine,
  compressWhitespace,
  cssDecode,
  escapeSeqDecode,
  hexDecode,
  hexEncode,
  htmlEntityDecode,
  jsDecode,
  length,
  lowercase,
  md5,
  normalisePath,
  normalisePathWin,
  parityEven7bit,
  parityOdd7bit,
  parityZero7bit,
  phpArgsNames,
  removeComments,
  removeCommentsChar,
  removeNulls,
  removeWhitespace,
  replaceComments,
  replaceNulls,
  sha1,
  sqlHexDecode,
  trim,
  trimLeft,
  trimRight,
  uppercase,
  urlDecode,
  urlDecodeUni,
  urlEncode,
  utf8toUnicode,
}

const byLowerCaseName: ReadonlyMap<string, Transformation> = new Map(
  Object.values<Transformation>(transformations).flatMap((row) =>
    [row.name, ...(row.aliases ?? [])].map((name) => [name.toLowerCase(), row]),
  ),
)

/** The transformation that a rule calls `name`, in any case or spelling in use; undefined for `none` and unknown ones. */
export function findTransformation(name: string): Transformation | undefined {
  return byLowerCaseName.get(name.toLowerCase())
}
