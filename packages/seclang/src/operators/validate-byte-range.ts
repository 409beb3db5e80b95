import { asciiTrim } from './ascii.ts'
import { type Operator, OperatorError } from './operator.ts'
import { withoutCaptures } from './without-captures.ts'

const byteValues = 0x100

/** `@validateByteRange 1-255` or `9,10,13,32-126`: true if a byte of the value is in none of the ranges (the operator
 *  finds what is invalid). Captures: none. Source: ModSecurity reference, "validateByteRange". */
export const validateByteRange: Operator = {
  name: 'validateByteRange',
  compile: (argument, context) => {
    const allowed = new Uint8Array(byteValues)
    for (const part of argument.split(',')) allow(allowed, asciiTrim(part), context.warn)
    return withoutCaptures((value) => {
      for (let at = 0; at < value.length; at++) {
        if (allowed[value.charCodeAt(at) & 0xff] === 0) return true
      }
      return false
    })
  },
}

function allow(allowed: Uint8Array, range: string, warn: (message: string) => void): void {
  if (range === '') {
    warn('@validateByteRange has an empty range, which allows no byte; write numbers such as 32-126')
    return
  }
  const bounds = /^([0-9]{1,3})(?:[\t-\r ]*-[\t-\r ]*([0-9]{1,3}))?$/.exec(range)
  if (bounds === null) {
    // ModSecurity reads a word as the number 0, and its tests say so: what the author cannot have meant is reported.
    if (/^[^0-9,-]+$/.test(range)) {
      warn(`@validateByteRange reads "${range}" as byte 0; write a number from 0 to 255`)
      allowed[0] = 1
      return
    }
    throw new OperatorError(`"${range}" is not a byte range; write numbers from 0 to 255, such as 32-126`)
  }
  const from = Number(bounds[1])
  const to = bounds[2] === undefined ? from : Number(bounds[2])
  if (to >= byteValues || from > to) {
    throw new OperatorError(`"${range}" is not a byte range; write numbers from 0 to 255, the lower one first`)
  }
  allowed.fill(1, from, to + 1)
}
