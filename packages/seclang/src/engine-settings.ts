/** The engine's own settings, always loaded before anybody's rules.
 *
 *  They are what ModSecurity's recommended configuration sets by the rules of the same numbers: the body processors chosen by
 *  content type, and (`strict`) a body refused that its processor cannot parse, since the upstream might parse it differently. */

const chooseProcessors = `
SecRule REQUEST_HEADERS:Content-Type "@rx ^(?:application(?:/soap\\+|/)|text/)xml" \\
  "id:200000,phase:1,pass,nolog,t:none,t:lowercase,ctl:requestBodyProcessor=XML"
SecRule REQUEST_HEADERS:Content-Type "@rx ^application/json" \\
  "id:200001,phase:1,pass,nolog,t:none,t:lowercase,ctl:requestBodyProcessor=JSON"
SecRule REQUEST_HEADERS:Content-Type "@rx ^application/[a-z0-9.-]+[+]json" \\
  "id:200006,phase:1,pass,nolog,t:none,t:lowercase,ctl:requestBodyProcessor=JSON"
`

const refuseUnparsed = `
SecRule REQBODY_ERROR "!@eq 0" \\
  "id:200002,phase:2,deny,status:400,log,t:none,severity:CRITICAL,\\
  msg:'The request body could not be parsed',logdata:'%{REQBODY_ERROR_MSG}'"
SecRule MULTIPART_STRICT_ERROR "!@eq 0" \\
  "id:200003,phase:2,deny,status:400,log,t:none,severity:CRITICAL,\\
  msg:'The multipart body failed strict validation',\\
  logdata:'BQ %{MULTIPART_BOUNDARY_QUOTED}, BW %{MULTIPART_BOUNDARY_WHITESPACE}, DB %{MULTIPART_DATA_BEFORE}, \\
  DA %{MULTIPART_DATA_AFTER}, HF %{MULTIPART_HEADER_FOLDING}, LF %{MULTIPART_LF_LINE}, \\
  SM %{MULTIPART_MISSING_SEMICOLON}, IQ %{MULTIPART_INVALID_QUOTING}, IP %{MULTIPART_INVALID_PART}, \\
  IH %{MULTIPART_INVALID_HEADER_FOLDING}, FL %{MULTIPART_FILE_LIMIT_EXCEEDED}'"
SecRule MULTIPART_UNMATCHED_BOUNDARY "@eq 1" \\
  "id:200004,phase:2,deny,status:400,log,t:none,severity:CRITICAL,\\
  msg:'The multipart body holds a line that may be an unmatched boundary'"
`

/** `strict` for service; `conformance` without the refusals, as the tests of CRS expect. */
export type EngineSettings = 'strict' | 'conformance'

/** As positions name it. */
export const engineSettingsFile = 'engine-settings.conf'

export function engineSettings(kind: EngineSettings): { readonly file: string; readonly text: string } {
  return {
    file: engineSettingsFile,
    text: kind === 'strict' ? chooseProcessors + refuseUnparsed : chooseProcessors,
  }
}

/** Media types of responses that are inspected where the rules do not say (ModSecurity's default). */
export const responseTypesDefault: readonly string[] = [
  'text/plain',
  'text/html',
  'text/xml',
  'application/json',
  'application/xml',
]
