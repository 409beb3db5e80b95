import { resolvePath } from './normalise-path.ts'
import { mapBytes } from './output.ts'
import type { Transformation } from './transformation.ts'

const forward = Uint8Array.from({ length: 256 }, (_, code) => (code === 0x5c ? 0x2f : code))

/** As `normalisePath`, backslashes first becoming slashes. Source: ModSecurity reference, "normalisePathWin". */
export const normalisePathWin: Transformation<'normalisePathWin'> = {
  name: 'normalisePathWin',
  aliases: ['normalizePathWin'],
  apply: (value) => resolvePath(value.includes('\\') ? mapBytes(value, forward) : value, value),
}
