/** The kinds of values that the schema is made of. Each reads what is written, says what is wrong with it and how to write it,
 *  and can write it back: `config print` needs that. */
import { resolve } from 'node:path'
import { z } from 'zod'
import { type Address, formatAddress, parseAddress } from './address.ts'
import { formatProxySource, type ProxySource, parseProxySource } from './cidr.ts'
import { shown } from './fault.ts'
import { parseCertificateHost, parseHost } from './host.ts'
import { parseOrigin } from './origin.ts'
import { formatSize, formatTime, parseSize, parseTime, sizePattern, timePattern } from './quantities.ts'

/** A mapping with exactly the keys of `T`: one too many or too few does not compile. */
export function section<T>(shape: { readonly [K in keyof T]-?: z.ZodType<T[K]> }): z.ZodType<T> {
  return z.strictObject(shape) as unknown as z.ZodType<T>
}

interface Notation<T> {
  /** "size": stands in messages and, as `format`, in the JSON Schema. */
  readonly name: string
  readonly how: string
  readonly parse: (text: string) => T | null
  readonly format: (value: T) => string
  readonly pattern?: RegExp
}

/** A value that is written as text. */
function notation<T>({ name, how, parse, format, pattern }: Notation<T>): z.ZodType<T> {
  const wrong = (input: unknown): string => `${shown(input)} is no ${name}: write ${how}`
  const text = z.string({ error: ({ input }) => (input === undefined ? undefined : wrong(input)) })
  const written = pattern === undefined ? text : text.regex(pattern, { error: ({ input }) => wrong(input) })
  return z
    .codec(written, z.custom<T>(), {
      decode(input, context) {
        const value = parse(input)
        if (value !== null) return value as never
        context.issues.push({ code: 'custom', input, message: wrong(input) })
        return z.NEVER
      },
      encode: (value) => format(value as T),
    })
    .meta({ format: name }) as unknown as z.ZodType<T>
}

const same = (text: string): string => text
/** Text that no terminal, log or file name should hold. */
const control = /[\0-\x1f\x7f]/

function between(
  of: z.ZodType<number>,
  format: (value: number) => string,
  min: number,
  max: number,
): z.ZodType<number> {
  return of.refine((value) => value >= min && value <= max, {
    error: ({ input }) => {
      const value = format(input as number)
      return (input as number) < min
        ? `${value} is too little: write at least ${format(min)}`
        : `${value} is too much: write at most ${format(max)}`
    },
  })
}

const anySize = notation<number>({
  name: 'size',
  how: 'a whole number and a unit, such as 64KiB (B, KiB, MiB, GiB)',
  parse: parseSize,
  format: formatSize,
  pattern: sizePattern,
})

const anyTime = notation<number>({
  name: 'time',
  how: 'a whole number and a unit, such as 10s (ms, s, m, h, d)',
  parse: parseTime,
  format: formatTime,
  pattern: timePattern,
})

interface Bounded {
  /** What it bounds, and what happens then. */
  readonly says: string
  readonly preset: number
  readonly min: number
  readonly max: number
}

/** Bytes, written as `64KiB`. */
export function size(bounded: Bounded): z.ZodType<number> {
  return preset(anySize, formatSize, bounded).prefault(formatSize(bounded.preset) as never)
}

/** Milliseconds, written as `10s`. */
export function time(bounded: Bounded): z.ZodType<number> {
  return preset(anyTime, formatTime, bounded).prefault(formatTime(bounded.preset) as never)
}

/** A whole number without a unit. */
export function count(bounded: Bounded): z.ZodType<number> {
  return preset(whole, String, bounded).prefault(bounded.preset)
}

function preset(
  of: z.ZodType<number>,
  format: (value: number) => string,
  { says, min, max }: Bounded,
): z.ZodType<number> {
  return between(of, format, min, max).describe(`${says} ${format(min)} to ${format(max)}.`)
}

const whole = z.int({
  error: ({ input }) =>
    input === undefined ? undefined : `${shown(input)} is no whole number: write one, such as 100`,
})

/** A whole number without a default. */
export function wholeNumber(min: number, max: number): z.ZodType<number> {
  return between(whole, String, min, max)
}

export const host: z.ZodType<string> = notation({
  name: 'host name',
  how: 'it without scheme, port and path, such as api.example.test; other alphabets as xn--…',
  parse: parseHost,
  format: same,
})

export const certificateHost: z.ZodType<string> = notation({
  name: 'host name',
  how: 'it without port, such as api.example.test or *.example.test; other alphabets as xn--…',
  parse: parseCertificateHost,
  format: same,
})

export const proxySource: z.ZodType<ProxySource> = notation({
  name: 'range of addresses',
  how: 'it as 10.0.0.0/8 or 2001:db8::/32, or unix',
  parse: parseProxySource,
  format: formatProxySource,
})

/** Words that other keys refer to. */
export const name: z.ZodType<string> = notation({
  name: 'name',
  how: 'up to 63 letters, digits, - and _, such as api-1',
  parse: same,
  format: same,
  pattern: /^[A-Za-z\d_][A-Za-z\d_-]{0,62}$/,
})

/** Prefixes of paths are compared with paths that the edge has normalised: a dot segment would never match (RFC 3986 §5.2.4). */
export const urlPath: z.ZodType<string> = notation({
  name: 'path',
  how: 'it from the first /, without query and dot segments, in ASCII, such as /api/',
  parse: (text) => (/\/\.\.?(\/|$)/.test(text) ? null : text),
  format: same,
  pattern: /^\/[!-"$->@-~]*$/,
})

export const sentence: z.ZodType<string> = notation({
  name: 'reason',
  how: 'why, in a few words on one line',
  parse: (text) => (text.trim() === '' || control.test(text) ? null : text),
  format: same,
})

export const target: z.ZodType<string> = notation({
  name: 'target',
  how: 'it as rules do, such as ARGS:memo or REQUEST_COOKIES',
  parse: (text) => (control.test(text) ? null : text),
  format: same,
  pattern: /^[A-Z_]+(:[^|,"']+)?$/,
})

export const email: z.ZodType<string> = notation({
  name: 'e-mail address',
  how: 'it as ops@example.test',
  parse: same,
  format: same,
  pattern: /^[!-?A-~]+@[\w.-]+$/,
})

export const secureUrl: z.ZodType<string> = notation({
  name: 'https URL',
  how: 'it as https://HOST/PATH',
  parse: (text) => (URL.parse(text)?.protocol === 'https:' && !/\s/.test(text) ? text : null),
  format: same,
})

/** Its faults are sentences of their own. */
export const origin: z.ZodType<string> = z
  .codec(z.string(), z.string(), {
    decode(input, context) {
      const read = parseOrigin(input)
      if ('origin' in read) return read.origin
      context.issues.push({ code: 'custom', input, message: read.fault })
      return z.NEVER
    },
    encode: same,
  })
  .meta({ format: 'URL' }) as unknown as z.ZodType<string>

/** What depends on where the configuration file is. */
export interface PlacedFields {
  /** Of a file or folder, absolute. */
  readonly path: z.ZodType<string>
  readonly listen: z.ZodType<Address>
  /** `core` and `crs` are names, all else paths. */
  readonly rules: z.ZodType<string>
}

/** `directory`: what relative paths are relative to. */
export function fieldsIn(directory: string): PlacedFields {
  const parse = (text: string): string | null => (text === '' || control.test(text) ? null : resolve(directory, text))
  return {
    path: notation({ name: 'path', how: 'it relative to this file, such as ./tls/api.pem', parse, format: same }),
    listen: notation({
      name: 'address to listen on',
      how: 'it as HOST:PORT, "[::1]:PORT" or unix:PATH (at most 107 bytes)',
      parse: (text) => parseAddress(text, directory),
      format: formatAddress,
    }),
    rules: notation({
      name: 'rule set',
      how: 'core, crs, or the path of a file of rules',
      parse: (text) => (text === 'core' || text === 'crs' ? text : parse(text)),
      format: same,
    }),
  }
}

/** May be left out; then null. */
export function optional<T>(of: z.ZodType<T>): z.ZodType<T | null> {
  return of.nullable().prefault(null)
}

/** A list that may be left out; then empty. */
export function list<T>(of: z.ZodType<T>): z.ZodType<readonly T[]> {
  return z.array(of).prefault([])
}

/** A list that means nothing when it is empty. */
export function someOf<T>(of: z.ZodType<T>): z.ZodType<readonly T[]> {
  return z.array(of).min(1, { error: 'an empty list: write at least one' })
}

/** One of a few words; the first is the default. */
export function oneOf<const T extends string>(first: T, ...others: readonly T[]): z.ZodType<T> {
  return z.enum([first, ...others]).prefault(first) as unknown as z.ZodType<T>
}
