/** Validation of fields: each function returns the value or throws the `ApiError` (422) that names the parameter. */
import { ApiError } from './json.ts'

type Fields = Readonly<Record<string, unknown>>

/** For a rule that no function here has. */
export function invalid(name: string, rule: string): ApiError {
  return new ApiError(422, 'parameter_invalid', `${name} ${rule}`, name)
}

/** A whole number of minor units (cents), above zero: money is never a fraction here. */
export function minorUnits(fields: Fields, name: string): number {
  const value = fields[name]
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value <= 0) {
    throw invalid(name, 'must be a whole number of minor units above 0')
  }
  return value
}

export function oneOf<const T extends string>(fields: Fields, name: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === fields[name])
  if (found === undefined) throw invalid(name, `must be one of ${allowed.join(', ')}`)
  return found
}

export function text(fields: Fields, name: string, lengthMax: number): string {
  const value = fields[name]
  if (typeof value !== 'string' || value === '' || value.length > lengthMax) {
    throw invalid(name, `must be a text of 1 to ${lengthMax} characters`)
  }
  return value
}

export function optionalText(fields: Fields, name: string, lengthMax: number): string | null {
  return fields[name] === undefined || fields[name] === null ? null : text(fields, name, lengthMax)
}

export function httpsUrl(fields: Fields, name: string, lengthMax: number): string {
  const value = text(fields, name, lengthMax)
  if (URL.parse(value)?.protocol !== 'https:') throw invalid(name, 'must be an https URL')
  return value
}

/** `rule` says in words what the pattern wants. */
export function patterned(fields: Fields, name: string, pattern: RegExp, rule: string): string {
  const value = fields[name]
  if (typeof value !== 'string' || !pattern.test(value)) throw invalid(name, `must be ${rule}`)
  return value
}

/** A list of JSON objects. */
export function objects(fields: Fields, name: string, countMax: number): readonly Fields[] {
  const value = fields[name]
  const wrong = (): ApiError => invalid(name, `must be a list of 1 to ${countMax} objects`)
  if (!Array.isArray(value) || value.length === 0 || value.length > countMax) throw wrong()
  return value.map((item: unknown) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) throw wrong()
    return item as Fields
  })
}

/** Refuses what the API does not know, so that a misspelt field is not silently ignored. */
export function onlyKnown(fields: Fields, known: readonly string[]): void {
  for (const name of Object.keys(fields))
    if (!known.includes(name)) throw invalid(name, 'is not a parameter of this call')
}
