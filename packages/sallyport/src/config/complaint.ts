/** Sentences about places, before anyone knows which line that is. */
import type { Config } from './config.ts'
import type { Path } from './located.ts'

export interface Complaint {
  readonly path: Path
  /** Where to point. Default: the value. */
  readonly aim?: 'value' | 'key'
  /** `cause: action`. */
  readonly message: string
}

export interface Findings {
  readonly errors: readonly Complaint[]
  readonly warnings: readonly Complaint[]
}

/** Looks at several keys together. `written`: whether a key stands in the file, since `config` has the defaults too. */
export type Check = (config: Config, written: (path: Path) => boolean) => Findings
