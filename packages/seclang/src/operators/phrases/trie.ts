/** The first half of the automaton: a trie over byte classes. Only the build uses it. */
import { phraseCellsMax } from '../../bounds.ts'
import { OperatorError } from '../operator.ts'

const byteValues = 0x100
const statesAtFirst = 0x100
const upperA = 0x41
const upperZ = 0x5a
const caseDistance = 0x20

export interface Trie {
  /** Byte to class; 0 is the class of all bytes that no phrase holds. Upper case letters share the class of the lower. */
  readonly classOf: Uint8Array
  readonly classCount: number
  readonly stateCount: number
  /** `child[state * classCount + class]`; 0, the root, where there is no child. */
  readonly child: Int32Array
  /** The phrase that ends in a state, or -1. */
  readonly phraseOf: Int32Array
}

/** Builds the trie of `phrases`: distinct, not empty, ASCII lower case, bytes only (throws a `RangeError` otherwise:
 *  a fault of the caller). More than `phraseCellsMax` cells: `OperatorError`. */
export function buildTrie(phrases: readonly string[]): Trie {
  const { classOf, classCount } = byteClasses(phrases)
  let child = new Int32Array(statesAtFirst * classCount)
  let phraseOf = new Int32Array(statesAtFirst).fill(-1)
  let stateCount = 1
  for (const [index, phrase] of phrases.entries()) {
    let state = 0
    for (let at = 0; at < phrase.length; at++) {
      const cell = state * classCount + classOf[phrase.charCodeAt(at)]!
      if (child[cell] === 0) {
        if (stateCount === phraseOf.length) {
          child = grownBy(child, stateCount * classCount, 0)
          phraseOf = grownBy(phraseOf, stateCount, -1)
        }
        child[cell] = stateCount++
      }
      state = child[cell]!
    }
    if (phraseOf[state] !== -1) throw new RangeError(`phrase ${index} is there twice`)
    phraseOf[state] = index
  }
  return { classOf, classCount, stateCount, child, phraseOf }
}

function grownBy(array: Int32Array<ArrayBuffer>, more: number, filler: number): Int32Array<ArrayBuffer> {
  const cells = array.length + more
  if (cells > phraseCellsMax) {
    throw new OperatorError(
      `too many phrases for one table (over ${phraseCellsMax} cells); spread them over several rules`,
    )
  }
  const grown = new Int32Array(cells)
  grown.set(array)
  if (filler !== 0) grown.fill(filler, array.length)
  return grown
}

function byteClasses(phrases: readonly string[]): { classOf: Uint8Array; classCount: number } {
  const classOf = new Uint8Array(byteValues)
  let classCount = 1
  for (const phrase of phrases) {
    if (phrase === '') throw new RangeError('an empty phrase is in every value')
    for (let at = 0; at < phrase.length; at++) {
      const code = phrase.charCodeAt(at)
      if (code >= byteValues || (code >= upperA && code <= upperZ)) {
        throw new RangeError('phrases are bytes in lower case')
      }
      if (classOf[code] === 0) classOf[code] = classCount++
    }
  }
  for (let code = upperA; code <= upperZ; code++) classOf[code] = classOf[code + caseDistance]!
  return { classOf, classCount }
}
