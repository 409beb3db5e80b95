/** The shape of one variable that rules can name (`REQUEST_HEADERS`, `TX`): where its values come from. */

import type { State } from '../state.ts'
import type { Variable } from '../value.ts'

export interface VariableDefinition {
  readonly name: string
  /** A scalar has one value and takes no `:key`. */
  readonly kind: 'scalar' | 'collection'
  /** `exchange`: the same for the whole phase, so that rules with the same targets share one look-up. `state`: rules change it. */
  readonly changes: 'exchange' | 'state'
  /** The values now, in order; none where the variable is absent. */
  readonly read: (state: State) => readonly Variable[]
}
