import { tryRule } from './rule-cases.ts'
import { type Exception, fileLinesMax, functionLinesMax, lengthFindings } from './sizes.ts'
import type { Source } from './sources.ts'

const x = 'packages/sallyport/src/x.ts'
const t = 'packages/sallyport/src/x.test.ts'
const line = 'const a = 1\n'
const longFunction = (lines: number): string => `export const f = () => {\n${line.repeat(lines - 2)}}`

type Check = (all: readonly Source[]) => string[]
const ratcheted = (lines: number): Check => {
  const exceptions: Exception[] = [{ path: x, lines, why: 'test' }]
  return (all) => lengthFindings(all, exceptions)
}
const lengths: Check = (all) => lengthFindings(all, [])

tryRule('sizes', [
  { check: lengths, what: 'a file as long as it may be', files: { [x]: line.repeat(fileLinesMax) }, finds: null },
  {
    check: lengths,
    what: 'a file a line too long',
    files: { [x]: line.repeat(fileLinesMax + 1) },
    finds: /a file of 301 lines: use at most 300/,
  },
  {
    check: lengths,
    what: 'a function as long as it may be',
    files: { [x]: longFunction(functionLinesMax) },
    finds: null,
  },
  {
    check: lengths,
    what: 'a function a line too long',
    files: { [x]: longFunction(functionLinesMax + 1) },
    finds: /function f of 71 lines: use at most 70/,
  },
  {
    check: lengths,
    what: 'a long method',
    files: { [x]: longFunction(80).replace('export const f = () =>', 'export const a = { m()').concat('}') },
    finds: /function m of 80 lines/,
  },
  {
    check: lengths,
    what: 'a long function passed on',
    files: { [t]: longFunction(80).replace('export const f = () =>', `test('a', () =>`).concat(')') },
    finds: /function \(passed\) of 80 lines/,
  },
  { check: ratcheted(310), what: 'a listed file of its listed length', files: { [x]: line.repeat(310) }, finds: null },
  {
    check: ratcheted(310),
    what: 'a listed file that grew',
    files: { [x]: line.repeat(311) },
    finds: /a file of 311 lines: use at most 310/,
  },
  {
    check: ratcheted(310),
    what: 'a listed file that shrank',
    files: { [x]: line.repeat(305) },
    finds: /the ratchet says 310 lines: use 305/,
  },
  {
    check: ratcheted(310),
    what: 'a listed file that is short now',
    files: { [x]: line },
    finds: /without need: take it out/,
  },
])
