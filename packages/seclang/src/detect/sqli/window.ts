import type { Scanner } from './scanner.ts'
import type { Token } from './token.ts'

/**
 * The folder's window. Tokens before `left` are settled; those from `left` to `size` are being looked at. Rules remove tokens,
 * and step `left` back where the shorter row may fold further. One token more than the maximum is kept, to judge the fifth by its neighbour.
 */
export interface Window {
  readonly slots: Token[]
  /** A comment that no token followed yet. */
  comment: Token | undefined
  readonly scanner: Scanner
  left: number
  size: number
  /** The value has more tokens. */
  more: boolean
}

/** Outcome of the folding rules for one look: look again, look on to the next token, or give up on the whole (an evil construct). */
export type Fold = 'again' | 'on' | 'evil'
