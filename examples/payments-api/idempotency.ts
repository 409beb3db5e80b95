/** Makes creating safe to repeat: a client that lost the answer asks again with the same `Idempotency-Key`, and gets it. */
import { type Answer, ApiError } from './json.ts'

/** What was asked: method and path, and the fields, in whatever order they came. */
export interface Wanted {
  readonly call: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** Runs `make` once a key. Throws `ApiError`: 409 for a key that came with something else, 422 for one that is too long. What fails
 *  is not kept: a request that was mended may keep its key. */
export type Once = (key: string | null, wanted: Wanted, make: () => Answer) => Answer

const keyLengthMax = 255
const keysMax = 10_000

/** The keys of one organisation; the oldest are forgotten beyond a bound. */
export function idempotency(): Once {
  const earlier = new Map<string, { readonly asked: string; readonly answer: Answer }>()
  return (key, { call, fields }, make) => {
    if (key === null) return make()
    if (key === '' || key.length > keyLengthMax) {
      throw new ApiError(422, 'parameter_invalid', `must have 1 to ${keyLengthMax} characters`, 'Idempotency-Key')
    }
    const asked = `${call} ${canonical(fields)}`
    const before = earlier.get(key)
    if (before !== undefined && before.asked !== asked) {
      throw new ApiError(409, 'idempotency_key_reused', 'this Idempotency-Key came with another request before')
    }
    if (before !== undefined) return before.answer
    const answer = make()
    earlier.set(key, { asked, answer })
    const oldest = earlier.keys().next().value
    if (earlier.size > keysMax && oldest !== undefined) earlier.delete(oldest)
    return answer
  }
}

/** JSON with the names of every object in order: `{"a":1,"b":2}` and `{"b":2,"a":1}` ask for the same. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
