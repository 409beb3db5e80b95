import type { OperatorContext } from './operator.ts'

/** A context for tests: files from a record, no database of countries, warnings collected. */
export function contextWith(
  files: Readonly<Record<string, string>> = {},
  geo: OperatorContext['geo'] = null,
): OperatorContext & { readonly warnings: string[] } {
  const warnings: string[] = []
  return {
    warnings,
    geo,
    warn: (message) => warnings.push(message),
    readFile: (path) => {
      const text = files[path]
      if (text === undefined) throw new Error('no such file')
      return Buffer.from(text, 'latin1')
    },
  }
}
