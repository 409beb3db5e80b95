import type { Shape } from './fingerprint.ts'
import { shapeOf } from './fingerprint.ts'
import { isInjection } from './grammar.ts'
import type { Reading } from './token.ts'
import { readings } from './token.ts'
import { isHonest } from './whitelist.ts'

/** The fingerprint of the first reading that looks like an injection, or null. */
export function verdict(value: string): string | null {
  return (
    judgeBoth(value, readings.plainAnsi, readings.plainMysql) ??
    (value.includes("'") ? judgeBoth(value, readings.singleAnsi, readings.singleMysql) : null) ??
    (value.includes('"') ? judge(value, shapeOf(value, readings.doubleMysql)) : null)
  )
}

/** MySQL's reading is tried only where the two dialects would differ. */
function judgeBoth(value: string, ansi: Reading, mysql: Reading): string | null {
  const shape = shapeOf(value, ansi)
  const verdict = judge(value, shape)
  if (verdict !== null || !shape.scanner.ambiguousComment) return verdict
  return judge(value, shapeOf(value, mysql))
}

function judge(value: string, shape: Shape): string | null {
  return isInjection(shape) && !isHonest(value, shape) ? shape.fingerprint : null
}
