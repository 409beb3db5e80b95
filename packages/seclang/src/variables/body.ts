/** Variables of the request's body as its processor read it. */

import type { MultipartFlags, ParsedBody, UploadedFile } from '../bodies/body.ts'
import type { State } from '../state.ts'
import { makeValue, type Value, type Variable } from '../value.ts'
import { exchangeScalar } from './request.ts'
import type { VariableDefinition } from './variable-definition.ts'

/** A scalar of the parsed body, which is null where there is none. */
function bodyScalar(name: string, read: (body: ParsedBody | null, state: State) => string): VariableDefinition {
  return {
    name,
    kind: 'scalar',
    changes: 'state',
    read: (state) => [{ collection: name, key: null, value: makeValue(read(state.body(), state)) }],
  }
}

function fileCollection(name: string, read: (file: UploadedFile) => string): VariableDefinition {
  return {
    name,
    kind: 'collection',
    changes: 'exchange',
    read: (state) =>
      (state.body()?.files ?? []).map((file) => ({ collection: name, key: file.field, value: makeValue(read(file)) })),
  }
}

const flag = (set: boolean | undefined): string => (set === true ? '1' : '0')

function multipartFlag(name: string, read: (flags: MultipartFlags) => boolean): VariableDefinition {
  return bodyScalar(name, (body) => flag(body?.multipart === null || body === null ? false : read(body.multipart)))
}

/** MULTIPART_STRICT_ERROR: any of its parts, as the ModSecurity reference lists them. */
function strictError(flags: MultipartFlags): boolean {
  return (
    flags.boundaryQuoted ||
    flags.boundaryWhitespace ||
    flags.dataBefore ||
    flags.dataAfter ||
    flags.headerFolding ||
    flags.lfLine ||
    flags.missingSemicolon ||
    flags.invalidQuoting ||
    flags.invalidHeaderFolding ||
    flags.invalidPart ||
    flags.fileLimitExceeded
  )
}

const xmlValues = new WeakMap<object, readonly Variable[]>()

/** `XML:/*` and `XML://@*`; the selector's path chooses by key. */
function xml(state: State): readonly Variable[] {
  const values = state.body()?.xml
  if (values === undefined || values === null) return []
  let known = xmlValues.get(values)
  if (known === undefined) {
    const entry = (key: string, text: string): Variable => ({ collection: 'XML', key, value: makeValue(text) })
    known = [entry('/*', values.text), ...values.attributes.map((attribute) => entry('//@*', attribute))]
    xmlValues.set(values, known)
  }
  return known
}

function processorError(state: State): string | null {
  return state.body()?.error ?? null
}

/** REQUEST_BODY is absent where the body has been taken apart as MULTIPART or XML: CRS's tests want it for JSON (934210-13)
 *  and not for XML (944100-11). It is there all the same where a rule forces it or the processor failed: nothing passes unread. */
function showsRawBody(state: State): boolean {
  if (!state.exchange.requestBodyReceived || !state.requestBodyAccess || state.phase < 2) return false
  const takenApart = state.processor === 'MULTIPART' || state.processor === 'XML'
  return !takenApart || state.forcesRequestBody || processorError(state) !== null
}

const requestBody: VariableDefinition = {
  name: 'REQUEST_BODY',
  kind: 'scalar',
  changes: 'exchange',
  read: (state) =>
    showsRawBody(state) ? [{ collection: 'REQUEST_BODY', key: null, value: state.exchange.requestBody }] : [],
}

export const bodyVariables: readonly VariableDefinition[] = [
  requestBody,
  exchangeScalar('REQUEST_BODY_LENGTH', (exchange): Value => makeValue(String(exchange.requestBody.text.length))),
  bodyScalar('REQBODY_PROCESSOR', (_body, state) => state.processor ?? ''),
  bodyScalar('REQBODY_ERROR', (_body, state) => flag(processorError(state) !== null)),
  bodyScalar('REQBODY_ERROR_MSG', (_body, state) => processorError(state) ?? ''),
  bodyScalar('REQBODY_PROCESSOR_ERROR', (_body, state) => flag(processorError(state) !== null)),
  bodyScalar('REQBODY_PROCESSOR_ERROR_MSG', (_body, state) => processorError(state) ?? ''),
  // Of the query string too, as in ModSecurity 3.
  bodyScalar('URLENCODED_ERROR', (body, { exchange, processor }) =>
    flag(
      exchange.queryHasInvalidEscape ||
        (processor === 'URLENCODED' && body !== null && (body.error !== null || exchange.formHasInvalidEscape())),
    ),
  ),
  bodyScalar('INBOUND_DATA_ERROR', (_body, { exchange }) =>
    flag(exchange.refusal !== null || exchange.requestBodyIsCut),
  ),
  fileCollection('FILES', (file) => file.fileName),
  fileCollection('FILES_NAMES', (file) => file.field),
  fileCollection('FILES_SIZES', (file) => String(file.size)),
  fileCollection('FILES_TMP_CONTENT', (file) => file.content),
  // Nothing is ever written to a disk: there are no temporary names.
  fileCollection('FILES_TMPNAMES', () => ''),
  bodyScalar('FILES_COMBINED_SIZE', (body) =>
    String((body?.files ?? []).reduce((bytes, file) => bytes + file.size, 0)),
  ),
  fileCollection('MULTIPART_FILENAME', (file) => file.fileName),
  fileCollection('MULTIPART_NAME', (file) => file.field),
  {
    name: 'MULTIPART_PART_HEADERS',
    kind: 'collection',
    changes: 'exchange',
    read: (state) =>
      (state.body()?.partHeaders ?? []).map(({ name, value }) => ({
        collection: 'MULTIPART_PART_HEADERS',
        key: name,
        value: makeValue(value),
      })),
  },
  multipartFlag('MULTIPART_STRICT_ERROR', strictError),
  multipartFlag('MULTIPART_UNMATCHED_BOUNDARY', (flags) => flags.unmatchedBoundary),
  multipartFlag('MULTIPART_BOUNDARY_QUOTED', (flags) => flags.boundaryQuoted),
  multipartFlag('MULTIPART_BOUNDARY_WHITESPACE', (flags) => flags.boundaryWhitespace),
  multipartFlag('MULTIPART_DATA_BEFORE', (flags) => flags.dataBefore),
  multipartFlag('MULTIPART_DATA_AFTER', (flags) => flags.dataAfter),
  multipartFlag('MULTIPART_HEADER_FOLDING', (flags) => flags.headerFolding),
  multipartFlag('MULTIPART_LF_LINE', (flags) => flags.lfLine),
  multipartFlag('MULTIPART_CRLF_LF_LINES', (flags) => flags.crlfLfLines),
  // ModSecurity's reference has the second spelling, its recommended configuration the first.
  multipartFlag('MULTIPART_MISSING_SEMICOLON', (flags) => flags.missingSemicolon),
  multipartFlag('MULTIPART_SEMICOLON_MISSING', (flags) => flags.missingSemicolon),
  multipartFlag('MULTIPART_INVALID_QUOTING', (flags) => flags.invalidQuoting),
  multipartFlag('MULTIPART_INVALID_PART', (flags) => flags.invalidPart),
  multipartFlag('MULTIPART_INVALID_HEADER_FOLDING', (flags) => flags.invalidHeaderFolding),
  multipartFlag('MULTIPART_FILE_LIMIT_EXCEEDED', (flags) => flags.fileLimitExceeded),
  { name: 'XML', kind: 'collection', changes: 'exchange', read: xml },
]
