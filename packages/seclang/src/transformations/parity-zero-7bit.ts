import { mapBytes } from './output.ts'
import type { Transformation } from './transformation.ts'

const cleared = Uint8Array.from({ length: 256 }, (_, code) => code & 0x7f)

/** Clears each byte's high bit. Source: ModSecurity reference, "parityZero7bit". */
export const parityZero7bit: Transformation<'parityZero7bit'> = {
  name: 'parityZero7bit',
  apply: (value) => mapBytes(value, cleared),
}
