import { cmdLine } from './cmd-line.ts'
import { compressWhitespace } from './compress-whitespace.ts'
import { length } from './length.ts'
import { lowercase } from './lowercase.ts'
import { md5 } from './md5.ts'
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
import { checkRows } from './rows.ts'
import { sha1 } from './sha1.ts'
import { trim } from './trim.ts'
import { trimLeft } from './trim-left.ts'
import { trimRight } from './trim-right.ts'
import { uppercase } from './uppercase.ts'

checkRows(lowercase, [
  ['SELECT\xc3\x89[', 'select\xc3\x89[', 'only ASCII letters change'],
  ['select', 'select', 'what is lower case stays'],
])
checkRows(uppercase, [['select\xe9{', 'SELECT\xe9{', 'only ASCII letters change']])
checkRows(length, [['\xc3\xa9\0', '3', 'bytes count, not characters']])
checkRows(md5, [
  ['', '\xd4\x1d\x8c\xd9\x8f\x00\xb2\x04\xe9\x80\x09\x98\xec\xf8\x42\x7e', 'the digest of RFC 1321, raw'],
])
checkRows(sha1, [
  [
    'abc',
    '\xa9\x99\x3e\x36\x47\x06\x81\x6a\xba\x3e\x25\x71\x78\x50\xc2\x6c\x9c\xd0\xd8\x9d',
    'the digest of RFC 3174, raw',
  ],
])
checkRows(parityEven7bit, [['abc\0', '\xe1\xe2c\0', 'three ones get a fourth']])
checkRows(parityOdd7bit, [['abc\0', 'ab\xe3\x80', 'four ones get a fifth']])
checkRows(parityZero7bit, [['\xbcscript', '<script', 'the high bit goes']])

checkRows(removeNulls, [['a\0\0b\0', 'ab', 'everywhere']])
checkRows(replaceNulls, [['a\0\0b\0', 'a  b ', 'one space each']])
checkRows(removeWhitespace, [
  [' a\t\n\v\f\r b\0', 'ab\0', 'white space of C, not NUL'],
  ['a\xc2\xa0b\xa0', 'ab', 'no-break spaces'],
])
checkRows(compressWhitespace, [
  ['a b', 'a b', 'single spaces stay'],
  ['\ta \n b\r', ' a b ', 'runs and other white space become one space'],
  ['a\xa0\xa0b', 'a\xa0\xa0b', 'bytes over 0x7f are no white space'],
])
checkRows(trim, [
  ['\t a b\r\n', 'a b', 'both ends'],
  [' \v\f ', '', 'white space alone is nothing'],
])
checkRows(trimLeft, [['\t a b ', 'a b ', 'the start alone']])
checkRows(trimRight, [
  [' a b \n', ' a b', 'the end alone'],
  ['\n\n', '', 'white space alone is nothing'],
])

checkRows(cmdLine, [
  ['ls -l', 'ls -l', 'a plain command stays'],
  ['c^Md.eX"e"  /c', 'cmd.exe/c', 'carets, quotes, case and spaces before a slash'],
  ["wh'o'am\\i", 'whoami', 'quotes inside a word'],
  ['a,;\t b', 'a b', 'separators become one space'],
  ['echo (1)', 'echo(1)', 'a space before a bracket goes'],
])

checkRows(replaceComments, [
  ['un/**/ion/* x */select', 'un ion select', 'each comment is a space'],
  ['a/*b/*c*/d*/', 'a d*/', 'comments do not nest, a lone end stays'],
  ['a/*b', 'a ', 'a comment without end runs to the end'],
  ['/*/', ' ', 'the slash of a start is no end'],
])
checkRows(removeComments, [
  ['un/**/ion', 'union', 'comments of C'],
  ['a<!-- b -->c', 'ac', 'comments of HTML'],
  ['a -- b', 'a ', 'a line comment of SQL and all behind it'],
  ['a#b', 'a', 'a line comment of MySQL and all behind it'],
  ['a/*b', 'a ', 'a comment without end becomes a space'],
  ['/*a*/', '\0', 'at the end of the value comes the NUL of C'],
])
checkRows(removeCommentsChar, [
  ['a/*b*/c', 'abc', 'marks of C'],
  ['a<!--b-->c', 'abc', 'marks of HTML'],
  ['a--b#c---', 'abc-', 'marks of SQL'],
  ['/-*', '/-*', 'halves of marks stay'],
])

checkRows(phpArgsNames, [
  ['a_b', 'a_b', 'a plain name stays'],
  [' a.b c', 'a_b_c', 'leading spaces go, dots and spaces become underscores'],
  ['a[b', 'a_b', 'an unclosed bracket becomes an underscore'],
  ['a[.b [c', 'a_.b [c', 'and the rest stays'],
  ['a.b[c.d][ ][e]f.g', 'a_b[c.d][][e]', 'keys stay, a blank one is empty, what follows goes'],
  ['a[b]c[d', 'a[b]', 'what follows goes, brackets or not'],
  ['[a]', '', 'a name of keys alone is none'],
])
