/** libinjection's test files: three sections, each opened by its name alone on a line, in this order.
 *
 *      --TEST--       what it is about
 *      --INPUT--      the value
 *      --EXPECTED--   what its own test driver prints
 */

export interface TestFile {
  readonly title: string
  /** Latin1; white space at its end is no part of it. */
  readonly input: string
  readonly expected: string
}

const sections = ['--TEST--', '--INPUT--', '--EXPECTED--'] as const

/** libinjection's driver cuts these four off the end of both input and expectation. */
function trimEnd(text: string): string {
  let end = text.length
  while (end > 0 && ' \n\t\r'.includes(text[end - 1] as string)) end--
  return text.slice(0, end)
}

/** Throws TypeError where a section is missing or out of place. */
export function readTestFile(text: string, fileName: string): TestFile {
  const contents: string[] = []
  for (const line of text.split('\n')) {
    // A section's name counts only where that section is due, so that an input may hold one.
    if (line === sections[contents.length]) contents.push('')
    else if (contents.length > 0) contents.push(`${contents.pop()}${line}\n`)
  }
  const [title, input, expected] = contents
  if (title === undefined || input === undefined || expected === undefined) {
    throw new TypeError(`${fileName}: expected the sections ${sections.join(', ')}`)
  }
  return { title: title.trim(), input: trimEnd(input), expected: trimEnd(expected) }
}
