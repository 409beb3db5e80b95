/** Names of tests: sentences that say what holds, so that a failure reads as what is no longer true. */
import { isTest, type Source } from './sources.ts'
import { field, finding, type Node, nameOf, syntaxOf, walk } from './syntax.ts'

const wordsMin = 3

export function poorTestNames(all: readonly Source[]): string[] {
  return all.filter(isTest).flatMap((source) => {
    const found: string[] = []
    walk(syntaxOf(source).program, (node) => {
      const name = testName(node)
      if (name !== null && !isSentence(name))
        found.push(finding(source, node.start, `a test named "${name}": use a sentence that says what holds`))
    })
    return found
  })
}

function isSentence(name: string): boolean {
  return (
    name.trim().split(/\s+/).length >= wordsMin && !name.endsWith('.') && !/^(issue|bug|regression|test)\b/i.test(name)
  )
}

/** The name where it stands in the code; null where it is worked out, as from a row of cases. */
function testName(node: Node): string | null {
  const callee = nameOf(field(node, 'callee'))
  const passed = field(node, 'arguments')
  if (node.type !== 'CallExpression' || (callee !== 'test' && callee !== 'it') || !Array.isArray(passed)) return null
  const [first] = passed
  const value = field(first, 'value')
  if (typeof value === 'string') return value
  const quasis = field(first, 'quasis')
  if (!Array.isArray(quasis)) return null
  // A hole may hold any number of words.
  const texts = quasis.map((quasi) => String((field(quasi, 'value') as { cooked: string }).cooked))
  return texts.length > 1 ? texts.join('some thing or other') : (texts[0] ?? null)
}
