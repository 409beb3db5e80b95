/** The made-up requests of warm.ts: the kinds that APIs get, and two that many rules look at closely. No secret, no real name. */
import type { Header } from '@sallyport/seclang'

export interface Sample {
  readonly method: string
  readonly target: string
  readonly headers: readonly Header[]
  readonly body: string | null
}

const common: readonly Header[] = [
  ['Host', 'api.example.test'],
  ['User-Agent', 'sample-client/1.2 (linux; x64)'],
  ['Accept', 'application/json'],
  ['Accept-Encoding', 'gzip, br'],
  ['Authorization', 'Basic b3JnX3NhbXBsZTprZXlfc2FtcGxl'],
  ['Idempotency-Key', '0190a0c2-5f1e-7c3b-9a44-2f60d5f1a1b2'],
]

const order = {
  type: 'wire',
  direction: 'credit',
  amount: 125_00,
  currency: 'EUR',
  originating_account_id: 'ac_0190a0c25f1e',
  receiving_account_id: 'ac_0190a0c25f1f',
  description: 'Invoice 2026-118, thanks for the quick delivery & set-up (order #12)',
  metadata: {
    customer: "Zoë O'Neill",
    note: 'select the best option; drop us a line -- or call',
    url: 'https://shop.example.test/a?b=c',
  },
  line_items: [
    { name: 'Setup', amount: 100_00, taxed: true },
    { name: 'Support <monthly>', amount: 25_00, taxed: null },
  ],
}

export const samples: readonly Sample[] = [
  get('/api/payment_orders?per_page=25&after_cursor=eyJpZCI6InBvXzEifQ%3D%3D&status=approved&direction=credit'),
  get('/api/payment_orders/po_0190a0c25f1e7c3b', ['Cookie', 'session=abc123; theme=dark; consent=a%3D1%7Cb%3D2']),
  post('application/json', JSON.stringify(order)),
  post('application/json', JSON.stringify({ orders: Array.from({ length: 8 }, () => order) })),
  post('application/x-www-form-urlencoded', form()),
  post('multipart/form-data; boundary=sample', multipart()),
  // Two attacks: the words that rules look for, so that many rules run their expressions.
  post('application/json', JSON.stringify({ notes: suspicious() })),
  get(
    `/api/search?q=${encodeURIComponent("' or 1=1 union select name from users -- <script>alert(1)</script> ../../etc/passwd")}`,
  ),
]

function get(target: string, ...more: readonly Header[]): Sample {
  return { method: 'GET', target, headers: [...common, ...more], body: null }
}

function post(type: string, body: string): Sample {
  const headers: readonly Header[] = [
    ...common,
    ['Content-Type', type],
    ['Content-Length', String(Buffer.byteLength(body))],
  ]
  return { method: 'POST', target: '/api/payment_orders', headers, body }
}

function form(): string {
  const { metadata, line_items: _, ...plain } = order
  const pairs = Object.entries({ ...plain, ...metadata }).map(([name, value]): [string, string] => [
    name,
    String(value),
  ])
  return new URLSearchParams(pairs).toString()
}

function multipart(): string {
  const part = (name: string, value: string): string =>
    `--sample\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  return `${part('memo', order.description)}${part('amount', String(order.amount))}--sample--\r\n`
}

function suspicious(): readonly string[] {
  return [
    'select * from the menu where the price is 5 or less; insert coin, update me, drop in',
    'a <b onclick> tag, javascript: links and document.cookie banners were discussed',
    'see /etc/hosts or C:\\Windows\\system32, run cat, ls; echo $(date) | wget | curl',
    '{{ user }} #{x} %{y} <?php eval(base64_decode) require include system exec',
    'jndi ldap rmi dns: http://127.0.0.1/ file:///a gopher:// data:text/html;base64,AAAA',
    '__proto__ constructor process.env require(child_process) Runtime.getRuntime ProcessBuilder',
  ]
}
