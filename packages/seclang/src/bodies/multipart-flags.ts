import type { MultipartFlags } from './body.ts'

/** The flags while a body is read. */
export type FlagsInProgress = { -readonly [Flag in keyof MultipartFlags]: MultipartFlags[Flag] }

/** No flag set. */
export function noFlags(): FlagsInProgress {
  return {
    boundaryQuoted: false,
    boundaryWhitespace: false,
    dataBefore: false,
    dataAfter: false,
    headerFolding: false,
    lfLine: false,
    crlfLfLines: false,
    missingSemicolon: false,
    invalidQuoting: false,
    invalidPart: false,
    invalidHeaderFolding: false,
    fileLimitExceeded: false,
    unmatchedBoundary: false,
  }
}
