import { readListFiles } from './list-file.ts'
import { type Operator, type OperatorContext, OperatorError } from './operator.ts'
import { distinctPhrases, phraseTest } from './pm.ts'

/** `@pmFromFile FILE…`: as `@pm`, with one phrase a line of the files (spaces inside a line belong to the phrase).
 *  Source: ModSecurity reference, "pmFromFile". */
export const pmFromFile: Operator = phrasesOfFiles('pmFromFile')

/** The short spelling of `@pmFromFile`. */
export const pmf: Operator = phrasesOfFiles('pmf')

function phrasesOfFiles(name: string): Operator {
  const phrasesOf = (argument: string, context: OperatorContext): string[] =>
    distinctPhrases(readListFiles(name, argument, context))
  return {
    name,
    compile: (argument, context) => {
      const phrases = phrasesOf(argument, context)
      if (phrases.length === 0) throw new OperatorError(`@${name} found no phrase in ${argument}; write one a line`)
      return phraseTest(phrases)
    },
    literals: phrasesOf,
  }
}
