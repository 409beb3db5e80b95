import type { Transformation } from './transformation.ts'

/** Two lower-case hexadecimal digits a byte. Source: ModSecurity reference, "hexEncode". */
export const hexEncode: Transformation<'hexEncode'> = {
  name: 'hexEncode',
  apply: (value) => Buffer.from(value, 'latin1').toString('hex'),
}
