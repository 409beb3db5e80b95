/** What a body processor makes of the bytes of one body. All strings are latin1: one character is one byte. */

/** One named value, in the order of the body. */
export interface Argument {
  readonly name: string
  readonly value: string
}

/** One uploaded file of a multipart body; its content is counted, and inspected through REQUEST_BODY alone. */
export interface UploadedFile {
  /** The form field (`FILES` is keyed by it). */
  readonly field: string
  /** As the client sent it (`FILES`, `FILES_NAMES` hold name and field the way ModSecurity does). */
  readonly fileName: string
  readonly size: number
  readonly content: string
}

/** `MULTIPART_STRICT_ERROR` and its parts, names as ModSecurity's reference has them. */
export interface MultipartFlags {
  readonly boundaryQuoted: boolean
  readonly boundaryWhitespace: boolean
  readonly dataBefore: boolean
  readonly dataAfter: boolean
  readonly headerFolding: boolean
  readonly lfLine: boolean
  readonly crlfLfLines: boolean
  readonly missingSemicolon: boolean
  readonly invalidQuoting: boolean
  readonly invalidPart: boolean
  readonly invalidHeaderFolding: boolean
  readonly fileLimitExceeded: boolean
  /** A boundary-like line that is none: `MULTIPART_UNMATCHED_BOUNDARY`. */
  readonly unmatchedBoundary: boolean
}

/** Values of an XML body by the two paths that rules use: `/*` (all text, joined as XPath's string value) and `//@*` (each attribute value). */
export interface XmlValues {
  readonly text: string
  readonly attributes: readonly string[]
}

export interface ParsedBody {
  /** ARGS_POST, in order, duplicates kept. */
  readonly args: readonly Argument[]
  readonly files: readonly UploadedFile[]
  /** `MULTIPART_PART_HEADERS`: part name to its raw header lines, in order. */
  readonly partHeaders: readonly Argument[]
  readonly multipart: MultipartFlags | null
  readonly xml: XmlValues | null
  /** `REQBODY_ERROR_MSG`; null where the processor could parse the whole body. Arguments found before the error stay. */
  readonly error: string | null
  /** More values or parts than a bound allows: what follows the last one kept was not read, and the request must be refused. */
  readonly overBound: boolean
}

/** A hard maximum on what a body may make of itself; counted in bytes, values and nesting levels. */
export interface BodyBounds {
  readonly valuesMax: number
  readonly depthMax: number
  readonly partsMax: number
}

export type ProcessorName = 'URLENCODED' | 'MULTIPART' | 'JSON' | 'XML'

/** Parses `body` (latin1). Never throws, whatever the bytes: what cannot be parsed is said in `error`. `isCut`: it is the beginning of a longer
 *  body, so that to end where it ends is no error; any other error is one still, and what was being read when it ended is given too. */
export type BodyProcessor = (body: string, contentType: string, bounds: BodyBounds, isCut?: boolean) => ParsedBody
