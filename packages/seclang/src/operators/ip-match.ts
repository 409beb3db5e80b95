import { addressSet } from './addresses/ranges.ts'
import { asciiTrim } from './ascii.ts'
import { type Operator, OperatorError } from './operator.ts'
import { withoutCaptures } from './without-captures.ts'

/** `@ipMatch 127.0.0.1,::1,10.0.0.0/8`: the value is an address in one of the blocks; a value that is no address never
 *  matches. Captures: none. Source: ModSecurity reference, "ipMatch"; unlike there, a bad block is an error. */
export const ipMatch: Operator = {
  name: 'ipMatch',
  compile: (argument) => {
    if (asciiTrim(argument) === '') throw new OperatorError('@ipMatch needs addresses; write 192.0.2.1,2001:db8::/32')
    return withoutCaptures(addressSet('ipMatch', argument.split(',')))
  },
}
