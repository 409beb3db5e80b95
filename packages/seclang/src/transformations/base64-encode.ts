import type { Transformation } from './transformation.ts'

/** RFC 4648 §4, with padding and without line breaks. Source: ModSecurity reference, "base64Encode". */
export const base64Encode: Transformation<'base64Encode'> = {
  name: 'base64Encode',
  apply: (value) => Buffer.from(value, 'latin1').toString('base64'),
}
