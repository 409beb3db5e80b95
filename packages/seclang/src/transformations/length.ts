import type { Transformation } from './transformation.ts'

/** The number of bytes, in decimal digits. Source: ModSecurity reference, "length". */
export const length: Transformation<'length'> = { name: 'length', apply: (value) => String(value.length) }
