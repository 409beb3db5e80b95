import { sqlFingerprintTokensMax } from '../../bounds.ts'
import { foldPair } from './fold-pairs.ts'
import { foldTriple } from './fold-triples.ts'
import { isUnary } from './operators.ts'
import type { Scanner } from './scanner.ts'
import { startScan } from './scanner.ts'
import type { Reading, Token } from './token.ts'
import { blankToken, copyToken, kind } from './token.ts'
import { nextToken } from './tokenize.ts'
import type { Window } from './window.ts'

/** Folds the scanner's value to at most five tokens: names, sums and lists shrink to one token, so that only the shape of the SQL is left. */
export function foldScan(scanner: Scanner): Token[] {
  const slots: Token[] = [blankToken()]
  const window: Window = {
    slots,
    comment: undefined,
    scanner,
    left: 0,
    size: 0,
    more: true,
  }
  if (!skipOpening(window)) return []
  const evilAt = run(window)
  if (evilAt !== undefined) return slots.slice(0, evilAt)
  let count = window.left
  // A comment at the end counts (it cuts the rest of the query off); others mean nothing.
  if (count < sqlFingerprintTokensMax && window.comment !== undefined) slots[count++] = window.comment
  return slots.slice(0, Math.min(count, sqlFingerprintTokensMax))
}

/** The folded tokens of a value under one reading. */
export function fold(value: string, reading: Reading): Token[] {
  return foldScan(startScan(value, reading))
}

/** Comments, opening parentheses, signs and type names in front change nothing; false if there is nothing else. */
function skipOpening(window: Window): boolean {
  const first = window.slots[0]!
  const { scanner } = window
  do {
    if (!nextToken(scanner, first)) return false
    if (first.kind === kind.open) scanner.opened = true
  } while ('c(t'.includes(first.kind) || isUnary(scanner.value, first))
  window.size = 1
  return true
}

/** Folds until five tokens are settled or the value ends. Returns the number of tokens at which an evil construct was met. */
function run(window: Window): number | undefined {
  for (;;) {
    if (window.size >= sqlFingerprintTokensMax && isLongExpression(window.slots)) foldLongExpression(window)
    if (!window.more || window.left >= sqlFingerprintTokensMax) break
    read(window, 2)
    if (window.size - window.left < 2) {
      window.left = window.size
      continue
    }
    const pair = foldPair(window)
    if (pair === 'evil') return window.left + 2
    if (pair === 'again') continue
    read(window, 3)
    if (window.size - window.left < 3) {
      window.left = window.size
      continue
    }
    if (foldTriple(window) === 'on') window.left++
  }
  window.left = window.size
  return undefined
}

/** Reads until `count` tokens are being looked at, or the value or the window ends. */
function read(window: Window, count: number): void {
  while (window.more && window.size <= sqlFingerprintTokensMax && window.size - window.left < count) {
    // A slot is made when first needed, and used again after its token was folded away.
    if (window.size === window.slots.length) window.slots.push(blankToken())
    const slot = window.slots[window.size]!
    window.more = nextToken(window.scanner, slot)
    if (!window.more) return
    if (slot.kind === kind.comment) {
      window.comment ??= blankToken()
      copyToken(window.comment, slot)
    } else {
      window.comment = undefined
      window.size++
    }
  }
}

const longExpressions: ReadonlySet<string> = new Set(['1o(1)', '1,(1)', 'no(n)', 'no(1)', '1),(1', 'n)o(n'])

/** Five tokens that are only arithmetic or a list with parentheses, as in `1-(1)`. */
function isLongExpression(slots: readonly Token[]): boolean {
  let shape = ''
  for (let i = 0; i < sqlFingerprintTokensMax; i++) shape += slots[i]!.kind
  return longExpressions.has(shape)
}

/** Keeps the first of the five, and the sixth if it was read already. */
function foldLongExpression(window: Window): void {
  const { slots } = window
  const hasSixth = window.size > sqlFingerprintTokensMax
  if (hasSixth) copyToken(slots[1]!, slots[sqlFingerprintTokensMax]!)
  window.size = hasSixth ? 2 : 1
  window.left = 0
}
