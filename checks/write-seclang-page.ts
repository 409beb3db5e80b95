/** Writes docs/seclang.md anew, after a change of the engine's tables. */

import { writeFileSync } from 'node:fs'
import { seclangPage } from './seclang-page.ts'

writeFileSync(new URL('../docs/seclang.md', import.meta.url), seclangPage())
