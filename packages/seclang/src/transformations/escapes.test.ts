import { cssDecode } from './css-decode.ts'
import { escapeSeqDecode } from './escape-seq-decode.ts'
import { htmlEntityDecode } from './html-entity-decode.ts'
import { jsDecode } from './js-decode.ts'
import { checkRows } from './rows.ts'

checkRows(jsDecode, [
  ['alert(1)', 'alert(1)', 'a value without backslash stays'],
  ['\\u0061lert', 'alert', 'four digits are a code point'],
  ['\\u1261', 'a', 'of a code point the low byte is kept'],
  ['\\uff1cscript\\uFF1E', '<script>', 'full-width forms fold to ASCII'],
  ['\\uff5f\\uff00', '_\0', 'U+FF5F and U+FF00 have no ASCII twin'],
  ['\\x3cb\\x3E', '<b>', 'two digits behind x are a byte'],
  ['\\74\\1014', '<A4', 'octal takes three digits at most'],
  ['\\400\\377', ' 0\xff', 'octal over 377 takes two digits'],
  ['\\a\\b\\f\\n\\r\\t\\v', '\x07\b\f\n\r\t\v', 'letters stand for control characters'],
  ["\\'\\q\\X41\\U0041", "'qX41U0041", 'of other escapes the backslash goes, capitals are no hexadecimal marks'],
  ['\\u{61}lert', 'u{61}lert', 'braced code points are left to the rules'],
  ['\\u006', 'u006', 'three digits are too few'],
  ['\\xg1\\x1', 'xg1x1', 'hexadecimal marks without digits are letters'],
  ['a\\', 'a\\', 'a backslash at the end stays'],
  ['\\\\u0061', '\\u0061', 'what an escaped backslash leaves is not read again'],
])

checkRows(cssDecode, [
  ['color:red', 'color:red', 'a value without backslash stays'],
  ['\\65xpression', 'expression', 'digits end where a letter over f begins'],
  ['\\000065 xpression', 'expression', 'six digits, and one space that belongs to them'],
  ['\\65  x', 'e x', 'a second space stays'],
  ['\\1234567', 'V7', 'a seventh digit is text'],
  ['\\ff1c\\0ff1e\\00FF1e', '<>>', 'full-width forms fold, leading zeros or not'],
  ['\\1ff1e', '\x1e', 'another plane does not fold'],
  ['j\\avascript', 'j\nvascript', 'one digit is enough'],
  ['exp\\ression', 'expression', 'of other escapes the backslash goes'],
  ['ja\\\nva\\', 'java', 'a backslash goes together with a line feed, or at the end'],
])

checkRows(escapeSeqDecode, [
  ['cat', 'cat', 'a value without backslash stays'],
  ['\\x63\\X61t', 'cat', 'two digits behind x, in either case'],
  ['\\143at\\1011', 'catA1', 'octal takes three digits at most'],
  ['\\666', '\xb6', 'octal over a byte keeps the low byte'],
  ['\\n\\?\\"\\\\', '\n?"\\', 'letters, quotes and the backslash itself'],
  ['\\xg\\9\\z', 'xg9z', 'of other escapes the backslash goes'],
  ['a\\', 'a\\', 'a backslash at the end stays'],
])

checkRows(htmlEntityDecode, [
  ['fish and chips', 'fish and chips', 'a value without ampersand stays'],
  ['&lt;b&GT;&QuoT;&amp;&nbsp;', '<b>"&\xa0', 'five names, in any case'],
  ['&lt script&gt', '< script>', 'the semicolon is optional'],
  ['&lta;&ampl;', '&lta;&ampl;', 'a name is read whole'],
  ['&colon;&notthis;&;&', '&colon;&notthis;&;&', 'other names stay'],
  ['&#106;&#x6A;&#X6a', 'jjj', 'numbers in decimal and hexadecimal'],
  ['&#0000000000000000000000000000000000000106;', 'j', 'leading zeros mean nothing'],
  ['&#300;&#x12f', ',/', 'of a large number the low byte is kept'],
  ['&#4294967361;', 'A', 'numbers over 32 bits wrap like the rest'],
  [
    '&#9223372036854775807;&#99999999999999999999;&#x1ffffffffffffffffff',
    '\xff\xff\xff',
    'numbers over 63 bits end at the largest',
  ],
  ['&#1000000000000000000000000000000000;', '\xff', 'however long they are'],
  ['&#;&#x;&#xg;&#a;', '&#;&#x;&#xg;&#a;', 'numbers without a digit stay'],
  ['&#x', '&#x', 'an entity may be cut off'],
  ['&amp;lt;', '&lt;', 'what an entity leaves is not read again'],
])
