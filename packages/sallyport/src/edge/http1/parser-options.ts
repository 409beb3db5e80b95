/** How Node's HTTP parser is set, wherever bytes become a request: at a listener, and where requests are judged offline. */
import type { ServerOptions } from 'node:http'
import { defaultBounds, type EdgeBounds } from '../bounds.ts'

export function parserOptions({ headerBytesMax }: EdgeBounds = defaultBounds): ServerOptions {
  return {
    maxHeaderSize: headerBytesMax,
    // The `http` stage refuses a request without Host, with a decision; Node would answer by itself.
    requireHostHeader: false,
    insecureHTTPParser: false,
  }
}

/** Node drops fields over this in silence; one more than allowed is kept so that the `http` stage sees and refuses it. */
export function parsedFieldsMax({ headerFieldsMax }: EdgeBounds = defaultBounds): number {
  return headerFieldsMax + 1
}
