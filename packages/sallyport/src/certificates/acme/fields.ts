/** Reads the JSON of an authority: what has not the shape of RFC 8555 is a failure that names the field. */
import { AcmeFailure } from './failure.ts'
import type { AcmeAnswer } from './request.ts'

/** An object of an authority: nothing about it is known but the names that we look at. */
export interface Fields {
  readonly status?: unknown
  readonly error?: unknown
  readonly identifier?: unknown
  readonly value?: unknown
  readonly contact?: unknown
  readonly renewalInfo?: unknown
  readonly suggestedWindow?: unknown
  readonly [name: string]: unknown
}

const action = 'see that acme.directory names an ACME directory (RFC 8555)'

export function fieldsOf(answer: AcmeAnswer, what: string): Fields {
  try {
    const value: unknown = JSON.parse(answer.body)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  } catch {
    // Not JSON: said below.
  }
  throw new AcmeFailure(`the answer to ${what} is no JSON object (status ${answer.status})`, action)
}

export function textField(fields: Fields, name: string, what: string): string {
  const value = fields[name]
  if (typeof value === 'string') return value
  throw new AcmeFailure(`the answer to ${what} has no "${name}"`, action)
}

/** Strings, at most `max`. */
export function textsField(fields: Fields, name: string, what: string, max: number): readonly string[] {
  const value = fields[name]
  if (Array.isArray(value) && value.length <= max && value.every((item) => typeof item === 'string')) return value
  throw new AcmeFailure(`the answer to ${what} has no list "${name}" of at most ${max}`, action)
}

/** The objects of a list, at most `max`; what is no object is left out. */
export function objectsField(fields: Fields, name: string, what: string, max: number): readonly Fields[] {
  const value = fields[name]
  if (Array.isArray(value) && value.length <= max) {
    return value.filter((item): item is Fields => typeof item === 'object' && item !== null)
  }
  throw new AcmeFailure(`the answer to ${what} has no list "${name}" of at most ${max}`, action)
}

/** `Retry-After` in milliseconds (RFC 9110 §10.2.3: seconds or a date), never below `min` nor above `max`; null without one. */
export function retryAfter({ headers }: AcmeAnswer, nowMs: number, min: number, max: number): number | null {
  const value = headers['retry-after']
  if (value === undefined) return null
  const waitMs = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs
  return Number.isNaN(waitMs) ? null : Math.min(Math.max(waitMs, min), max)
}
