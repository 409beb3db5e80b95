/** An unpacked release of the OWASP Core Rule Set: which files it is made of, in the order that its documentation asks for.
 *  Source: coreruleset.org/docs, "Installing the CRS" and "Plugins: order of execution". */
import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'

export interface CrsFiles {
  /** `crs-setup.conf`, or the example where nobody has made one of it. */
  readonly setup: string
  readonly pluginsBefore: readonly string[]
  readonly rules: readonly string[]
  readonly pluginsAfter: readonly string[]
}

/** Throws a sentence where `directory` is no release. */
export function crsFiles(directory: string): CrsFiles {
  const files = (pattern: string): string[] =>
    globSync(pattern, { cwd: directory })
      .sort()
      .map((file) => join(directory, file))
  const rules = files('rules/*.conf')
  const setup = ['crs-setup.conf', 'crs-setup.conf.example'].map((name) => join(directory, name)).find(existsSync)
  if (rules.length === 0 || setup === undefined)
    throw new Error(
      `${directory} is no unpacked CRS release: it needs rules/*.conf and crs-setup.conf (or crs-setup.conf.example)`,
    )
  return {
    setup,
    pluginsBefore: [...files('plugins/*-config.conf'), ...files('plugins/*-before.conf')],
    rules,
    pluginsAfter: files('plugins/*-after.conf'),
  }
}
