import { triggers } from './triggers.ts'

// What a byte can do. A loud one (quotes, parentheses, `;`, `#`, …) can leave an expression by itself.
const loud = 0
const letter = 1
const digit = 2
const quiet = 3
/** Loud before a certain partner: `--` and `/*` are comments, `&&` is AND. */
const paired = 4

const roles = new Uint8Array(256)
for (let code = 0; code < 256; code++) {
  const byte = String.fromCharCode(code)
  if (/[A-Za-z]/.test(byte)) roles[code] = letter
  else if (/[0-9]/.test(byte)) roles[code] = digit
  else if ('-/&'.includes(byte)) roles[code] = paired
  else if ('_.,:@+?=%~^<>!*'.includes(byte) || code <= 0x20 || code > 0x7e) roles[code] = quiet
}

const words: ReadonlySet<string> = new Set(triggers)

/** Which trigger words there may be, by first letter, last letter and length: most words need no string made of them. */
const shapes = new Uint8Array(1 << 15)
const low5 = 0x1f
const shapeOf = (first: number, last: number, length: number): number =>
  (first & low5) | ((last & low5) << 5) | ((length & low5) << 10)
for (const word of words) shapes[shapeOf(word.charCodeAt(0), word.charCodeAt(word.length - 1), word.length)] = 1

/**
 * True only if `detectSqli` would say no: no byte that can leave an expression, and no word that joins conditions or begins a
 * clause or statement. "Maybe" (false) costs a full look. Proof: the property test that compares it with the full detector.
 */
export function isPlain(value: string): boolean {
  for (let pos = 0; pos < value.length; pos++) {
    const code = value.charCodeAt(pos)
    const role = roles[code]
    if (role === letter) {
      const end = lettersEnd(value, pos)
      if (isSuspect(value, pos, end)) return false
      pos = end - 1
    } else if (role === loud || role === undefined) return false
    else if (role === paired && isPair(code, value.charCodeAt(pos + 1))) return false
  }
  return true
}

function lettersEnd(value: string, from: number): number {
  let end = from + 1
  while (roles[value.charCodeAt(end)] === letter) end++
  return end
}

/** `--`, `&&`, `/*`. */
function isPair(first: number, second: number): boolean {
  return first === 0x2f ? second === 0x2a : first === second
}

/** The letters may be a trigger word, or hide one behind a number that ends in letters (`0xaOR`, `1fUNION`, `1.eOR`). */
function isSuspect(value: string, start: number, end: number): boolean {
  if (end - start < 2) return false
  const before = start === 0 ? 0x20 : value.charCodeAt(start - 1)
  if (roles[before] === digit) return !isHex(value, start, end) || isTrigger(value, start, end)
  if (isTrigger(value, start, end)) return true
  const isAfterSign = before === 0x2b || before === 0x2d || before === 0x2e
  return isAfterSign && (isTrigger(value, start + 1, end) || isTrigger(value, start + 2, end))
}

function isTrigger(value: string, start: number, end: number): boolean {
  if (end - start < 2) return false
  const shape = shapeOf(value.charCodeAt(start), value.charCodeAt(end - 1), end - start)
  return shapes[shape] === 1 && words.has(value.slice(start, end).toUpperCase())
}

/** A to F only, as in identifiers: no trigger word is made of these. */
function isHex(value: string, start: number, end: number): boolean {
  for (let pos = start; pos < end; pos++) if ((value.charCodeAt(pos) & low5) > 6) return false
  return true
}
