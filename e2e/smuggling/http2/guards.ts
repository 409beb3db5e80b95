/** What keeps a forwarder from HTTP/2 to HTTP/1.1 harmless that joins what it is told to lines: written as a second reading of
 *  RFC 9113 §8, one rule at a time, so that each can be left out. */
import { type Field, isToken } from '../fields.ts'

export interface Asked {
  readonly fields: readonly Field[]
  readonly trailers: readonly Field[]
  readonly body: string
}

type Guard = (asked: Asked) => boolean

export function values({ fields }: Asked, name: string): string[] {
  return fields.filter((one) => one.name === name).map(({ value }) => value)
}

export function regular({ fields }: Asked): readonly Field[] {
  return fields.filter(({ name }) => !name.startsWith(':'))
}

/** Under these names the forwarder alone speaks, or nobody. */
export const own: RegExp =
  /^(?:forwarded|x-forwarded-(?:for|host|proto)|x-request-id|proxy|client-cert|sallyport-assertion|x-original-url|x-real-ip)$/
const ofConnection = /^(?:connection|keep-alive|proxy-connection|transfer-encoding|upgrade)$/

/** Whether a request may pass. */
export const guards: Readonly<Record<string, Guard>> = {
  'the characters of values': ({ fields }) =>
    fields.every(({ value }) => !/[\0-\x08\x0a-\x1f\x7f]|^[ \t]|[ \t]$/.test(value)),
  'the characters of names': (asked) =>
    regular(asked).every(({ name }) => isToken(name) && name === name.toLowerCase()),
  'fields of HTTP/1.1': (asked) => !regular(asked).some(({ name }) => ofConnection.test(name)),
  'what stands for a field to CGI': (asked) => !regular(asked).some(({ name }) => /^(?:content|transfer)_/.test(name)),
  TE: (asked) => values(asked, 'te').every((value) => value.toLowerCase() === 'trailers'),
  'the order of pseudo fields': ({ fields }) => {
    const first = fields.findIndex(({ name }) => !name.startsWith(':'))
    return first === -1 || fields.slice(first).every(({ name }) => !name.startsWith(':'))
  },
  'pseudo fields that are known': ({ fields }) =>
    fields.every(({ name }) => !name.startsWith(':') || /^:(?:method|path|scheme|authority)$/.test(name)),
  'pseudo fields, once': ({ fields }) =>
    [':method', ':path', ':scheme', ':authority'].every(
      (name) => fields.filter((one) => one.name === name).length <= 1,
    ),
  'the pseudo fields that must be': (asked) =>
    [':method', ':path', ':scheme'].every((name) => values(asked, name).length > 0),
  'one Host': (asked) => {
    const all = [...values(asked, ':authority'), ...values(asked, 'host')]
    const [first] = all
    if (first === undefined || values(asked, 'host').length > 1) return false
    return /^[\w.:[\]%-]+$/.test(first) && all.every((one) => one.toLowerCase() === first.toLowerCase())
  },
  'the method': (asked) => values(asked, ':method').every((value) => isToken(value) && value !== 'CONNECT'),
  'the path': (asked) => values(asked, ':path').every((value) => /^\/[\x21-\x22\x24-\x7e]*$/.test(value)),
  'the scheme': (asked) => values(asked, ':scheme').every((value) => /^https?$/i.test(value)),
  'the length': (asked) =>
    values(asked, 'content-length').every((value, at) => at === 0 && value === String(asked.body.length)),
  trailers: ({ trailers }) =>
    trailers.every(
      ({ name, value }) =>
        isToken(name) &&
        name === name.toLowerCase() &&
        !ofConnection.test(name) &&
        !/^(?:te|(?:content|transfer)_.*)$/.test(name) &&
        !/[\0-\x08\x0a-\x1f\x7f]|^[ \t]|[ \t]$/.test(value),
    ),
}
