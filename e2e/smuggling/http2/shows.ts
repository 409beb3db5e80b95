/** One case for each fault of faults.ts that HTTP/2 can find: the generator would need long. */
import type { Field } from '../fields.ts'
import { flags, types } from './frame.ts'
import type { Http2Case } from './generator.ts'
import { blockOf } from './hpack.ts'

interface Row {
  readonly scheme?: string
  /** Behind the path. */
  readonly more?: string
  readonly fields?: readonly Field[]
}

const field = (name: string, value: string): Field => ({ name, value })

const rows: Readonly<Record<string, Row>> = {
  te: { fields: [field('te', 'trailers')] },
  'visible ASCII': { more: '\xff' },
  'ambiguous fields': { fields: [field('content_length', '0')] },
  'names of its own': { fields: [field('x-original-url', '/admin')] },
  'the scheme': { scheme: 'ftp' },
  'one Host': { fields: [field('host', 'b')] },
  'one Cookie': { fields: [field('cookie', 'a=1'), field('cookie', 'b=2')] },
}

/** Null for a fault that nothing here shows. */
export function showsHttp2(name: string, index: number): Http2Case | null {
  const row = rows[name]
  if (row === undefined) return null
  const { scheme = 'https', more = '', fields = [] } = row
  const pseudo = [
    field(':method', 'GET'),
    field(':scheme', scheme),
    field(':authority', 'a'),
    field(':path', `/c${index}/0/plain${more}`),
  ]
  const payload = blockOf([...pseudo, ...fields])
  const frame = { type: types.headers, flags: flags.endHeaders | flags.endStream, stream: 1, payload }
  return { index, frames: [frame], follows: 'when settled' }
}
