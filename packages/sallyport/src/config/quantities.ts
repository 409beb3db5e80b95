/** Sizes, times and rates as an operator writes them: a whole number and a unit, nothing else. A number alone is refused: whether
 *  `timeout: 30` means seconds or milliseconds has stopped too many servers. */

/** Requests, or whatever is counted, in a span of time. */
export interface Rate {
  readonly count: number
  readonly perMs: number
}

type Units = Readonly<Record<string, number>>

const KiB = 1024
const second = 1000
/** Powers of 1024 only (IEC 80000-13): `MB` means two things, so it means none here. */
const sizeUnits: Units = { GiB: KiB * KiB * KiB, MiB: KiB * KiB, KiB, B: 1 }
const timeUnits: Units = { d: 86_400 * second, h: 3_600 * second, m: 60 * second, s: second, ms: 1 }
const rateUnits: Units = { h: 3_600 * second, m: 60 * second, s: second }

export const sizePattern: RegExp = /^(\d{1,15})(B|KiB|MiB|GiB)$/
export const timePattern: RegExp = /^(\d{1,15})(ms|s|m|h|d)$/
const ratePattern: RegExp = /^(\d{1,15})\/(s|m|h)$/

/** `64KiB` to bytes; null if it is none, or too large to count exactly. */
export function parseSize(text: string): number | null {
  return product(sizePattern.exec(text), sizeUnits)
}

/** `10s` to milliseconds; null if it is none, or too large to count exactly. */
export function parseTime(text: string): number | null {
  return product(timePattern.exec(text), timeUnits)
}

/** `100/s`; null if it is none. */
export function parseRate(text: string): Rate | null {
  const [, digits = '', unit = ''] = ratePattern.exec(text) ?? []
  const perMs = rateUnits[unit]
  return perMs === undefined ? null : { count: Number(digits), perMs }
}

/** In the largest unit that leaves a whole number. */
export function formatSize(bytes: number): string {
  return inUnits(bytes, sizeUnits)
}

/** In the largest unit that leaves a whole number. */
export function formatTime(ms: number): string {
  return inUnits(ms, timeUnits)
}

export function formatRate({ count, perMs }: Rate): string {
  const unit = Object.keys(rateUnits).find((name) => rateUnits[name] === perMs)
  return `${count}/${unit}`
}

function product(match: RegExpExecArray | null, units: Units): number | null {
  const [, digits = '', unit = ''] = match ?? []
  const value = Number(digits) * (units[unit] ?? Number.NaN)
  return Number.isSafeInteger(value) ? value : null
}

function inUnits(value: number, units: Units): string {
  const names = Object.keys(units)
  const smallest = names[names.length - 1]!
  const unit = value === 0 ? smallest : names.find((name) => value % units[name]! === 0)!
  return `${value / units[unit]!}${unit}`
}
