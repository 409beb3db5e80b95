import type { Argument, BodyBounds, ParsedBody } from './body.ts'

/** Bounds of the tests: small enough to be crossed by a row. */
export const testBounds: BodyBounds = { valuesMax: 50, depthMax: 8, partsMax: 6 }

/** Arguments as `name=value`, to be compared at a glance. */
export function pairsOf(args: readonly Argument[]): string[] {
  return args.map(({ name, value }) => `${name}=${value}`)
}

/** Names of the multipart flags that are set. */
export function flagsOf(parsed: ParsedBody): string[] {
  return Object.entries(parsed.multipart ?? {})
    .filter(([, set]) => set)
    .map(([flag]) => flag)
}
