import { addressSet } from './addresses/ranges.ts'
import { readListFiles } from './list-file.ts'
import type { Operator } from './operator.ts'
import { withoutCaptures } from './without-captures.ts'

/** `@ipMatchFromFile FILE…`: as `@ipMatch`, with one block a line of the files; empty files match nothing.
 *  Source: ModSecurity reference, "ipMatchFromFile". */
export const ipMatchFromFile: Operator = blocksOfFiles('ipMatchFromFile')

/** The short spelling of `@ipMatchFromFile`. */
export const ipMatchF: Operator = blocksOfFiles('ipMatchF')

function blocksOfFiles(name: string): Operator {
  return {
    name,
    compile: (argument, context) => withoutCaptures(addressSet(name, readListFiles(name, argument, context))),
  }
}
