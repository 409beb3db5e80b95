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

/** `MULTIPART_STRICT_ERROR`: a parsing error or any flag but the unmatched boundary, which has a rule of its own (200004), and
 *  `crlfLfLines`, which `lfLine` includes. */
export function isStrictError(flags: MultipartFlags, error: string | null): boolean {
  return (
    error !== null ||
    flags.boundaryQuoted ||
    flags.boundaryWhitespace ||
    flags.dataBefore ||
    flags.dataAfter ||
    flags.headerFolding ||
    flags.lfLine ||
    flags.missingSemicolon ||
    flags.invalidQuoting ||
    flags.invalidPart ||
    flags.invalidHeaderFolding ||
    flags.fileLimitExceeded
  )
}
