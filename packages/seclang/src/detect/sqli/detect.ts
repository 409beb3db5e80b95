import { isPlain } from './plain.ts'
import { verdict } from './verdict.ts'

/**
 * `@detectSQLi`: the fingerprint of an SQL injection in the value (latin1), or null. Linear in the value's length.
 * The method is libinjection's (N. Galbreath, "libinjection", Black Hat USA 2012): the value is read as it is, then as if
 * it had been put between single quotes, then double ones; the first reading that looks like SQL decides.
 */
export function detectSqli(value: string): string | null {
  return isPlain(value) ? null : verdict(value)
}
