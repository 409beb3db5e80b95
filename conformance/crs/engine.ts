/** The engine under test: a CRS release compiled as its tests ask, and one request run through all five phases. */

import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { compile, Exchange, enableLinearFallback, type RuleSet } from '@sallyport/seclang'
import type { Judge } from './suite.ts'

/** What the tests need beside the release: the response's body is inspected, whatever type a test reflects, and the set-up
 *  that tests/regression/README.md of every CRS 4 release asks for. */
export const testSetup: string = `
SecResponseBodyAccess On
SecResponseBodyMimeType text/plain text/html text/xml text/css text/javascript application/json application/xml application/octet-stream
SecAction "id:900005,\\
  phase:1,\\
  nolog,\\
  pass,\\
  ctl:ruleEngine=DetectionOnly,\\
  ctl:ruleRemoveById=910000,\\
  setvar:tx.blocking_paranoia_level=4,\\
  setvar:tx.crs_validate_utf8_encoding=1,\\
  setvar:tx.arg_name_length=100,\\
  setvar:tx.arg_length=400,\\
  setvar:tx.total_arg_length=64000,\\
  setvar:tx.max_num_args=255,\\
  setvar:tx.max_file_size=64100,\\
  setvar:tx.combined_file_sizes=65535"
`

/** Compiles the rules of the release in `directory`, in its own order: set-up, then rules by file name.
 *  Throws where a file cannot be read or compiled. */
function compileRelease(directory: string, prefilter: boolean): RuleSet {
  const read = (file: string) => ({ file, text: readFileSync(file, 'latin1') })
  const setup = ['crs-setup.conf', 'crs-setup.conf.example'].map((name) => join(directory, name)).find(existsSync)
  const rules = globSync('rules/*.conf', { cwd: directory }).sort()
  const { ruleSet } = compile(
    [
      ...(setup === undefined ? [] : [read(setup)]),
      { file: 'conformance set-up', text: testSetup },
      ...rules.map((file) => read(join(directory, file))),
    ],
    {
      readFile: (path, from) => readFileSync(resolve(dirname(from), path)),
      glob: (pattern, from) => globSync(resolve(dirname(from), pattern)).sort(),
      mode: 'detect',
      prefilter,
      engineSettings: 'conformance',
    },
  )
  return ruleSet
}

const client = { address: '127.0.0.1', port: 50_000 }
const server = { address: '127.0.0.1', port: 80 }

/** The Judge that feeds the engine: every request is an exchange of its own over one rule set. Sets V8's flags for the whole
 *  process, as a server would. */
export function crsJudge(directory: string, prefilter: boolean): Judge {
  enableLinearFallback()
  const ruleSet = compileRelease(directory, prefilter)
  return ({ method, target, protocol, headers, body }, response) => {
    const exchange = new Exchange({ client, server, method, target, protocol, headers })
    const transaction = ruleSet.begin(exchange)
    transaction.requestHeaders()
    exchange.receiveBody(Buffer.from(body, 'latin1'))
    transaction.requestBody()
    exchange.receiveResponse({ status: response.status, protocol: 'HTTP/1.1', headers: response.headers })
    transaction.responseHeaders()
    exchange.receiveResponseBody(Buffer.from(response.body, 'latin1'))
    transaction.responseBody()
    transaction.finish()
    return { log: transaction.matches, status: transaction.interruption?.status ?? null }
  }
}
