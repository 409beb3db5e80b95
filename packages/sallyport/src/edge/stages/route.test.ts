import assert from 'node:assert/strict'
import { test } from 'node:test'
import { proceed } from '../decision.ts'
import type { EdgeRequest } from '../request.ts'
import type { Snapshot } from '../snapshot.ts'
import { route } from './route.ts'

const paths = ['/admin', '/caf%c3%a9/', '/a/', '/a']
const snapshot = { routes: paths.map((path) => ({ path, hosts: null })), ruleSets: [] } as unknown as Snapshot

const rows: readonly { asks: string; expect: string | number; why: string }[] = [
  { asks: '/admin/x', expect: '/admin', why: 'a prefix' },
  { asks: '/a/x', expect: '/a/', why: 'the first that matches, not the longest' },
  { asks: '/b', expect: 404, why: 'nobody serves it' },
  { asks: '/%62', expect: 404, why: 'nobody serves it in either reading' },
  { asks: '/%61dmin', expect: 400, why: 'served only where it is decoded first' },
  { asks: '/a%2Fx', expect: 400, why: 'another route where its slash is decoded' },
  { asks: '/a;v=1/x', expect: 400, why: 'another route without its parameter' },
  { asks: '/a/x%2Fy;v=1', expect: '/a/', why: 'the same route in either reading' },
  { asks: '/caf%c3%a9/x', expect: '/caf%c3%a9/', why: 'a route whose own path is encoded' },
  { asks: '*', expect: 404, why: 'the server itself is not behind a route' },
]
for (const { asks, expect, why } of rows) {
  test(`${asks}: ${why}`, () => {
    const request = { host: null, path: asks, route: null } as EdgeRequest
    const outcome = route(request, snapshot)
    if (typeof expect === 'string') assert.deepEqual([outcome, request.route?.path], [proceed, expect])
    else assert.equal((outcome as { status: number }).status, expect)
  })
}
