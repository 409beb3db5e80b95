import { asciiLower } from './ascii.ts'
import { type Operator, OperatorError, type Test } from './operator.ts'
import { parsePhrases } from './phrases/argument.ts'
import { buildAutomaton } from './phrases/automaton.ts'

/** `@pm PHRASE…`: one of the phrases is in the value, without regard to ASCII case. Captures 0: the phrase that ends
 *  first, as it stands in the value. Linear in the value, whatever the number of phrases.
 *  Source: ModSecurity reference, "pm". */
export const pm: Operator = {
  name: 'pm',
  compile: (argument) => {
    const phrases = distinctPhrases(parsePhrases(argument))
    if (phrases.length === 0) throw new OperatorError('@pm needs at least one phrase')
    return phraseTest(phrases)
  },
  literals: (argument) => distinctPhrases(parsePhrases(argument)),
}

/** The phrases in lower case, each once: what the automaton takes, and what every match contains. */
export function distinctPhrases(phrases: readonly string[]): string[] {
  return [...new Set(phrases.map(asciiLower))]
}

/** The test behind `@pm` and `@pmFromFile`. */
export function phraseTest(phrases: readonly string[]): Test {
  const automaton = buildAutomaton(phrases)
  return (value, captures) => {
    const found = automaton.first(value)
    if (found === null) return false
    if (captures !== null) {
      captures.length = 0
      captures.push(found)
    }
    return true
  }
}
