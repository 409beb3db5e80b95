/** Upstreams: what goes with `http:` and what with `https:`. Bounds: which must be less than which. */

import { connectionsCheckEveryMs } from '../edge/bounds.ts'
import type { Check, Complaint } from './complaint.ts'
import type { UpstreamConfig } from './config.ts'
import { formatTime } from './quantities.ts'

export const upstreamComplaints: Check = ({ upstreams, routes }, written) => {
  const used = new Set(routes.map(({ upstream }) => upstream))
  const errors: Complaint[] = []
  const warnings: Complaint[] = []
  for (const [name, upstream] of Object.entries(upstreams)) {
    const path = ['upstreams', name]
    errors.push(...tlsComplaints(upstream, path))
    if (upstream.connect > upstream.answer) {
      const at = written([...path, 'answer']) ? 'answer' : 'connect'
      const message = `connecting may take ${formatTime(upstream.connect)}, the whole answer ${formatTime(upstream.answer)}: make answer longer`
      errors.push({ path: [...path, at], message })
    }
    if (!used.has(name)) warnings.push({ path, aim: 'key', message: 'no route leads to this upstream: it is not used' })
  }
  return { errors, warnings }
}

function tlsComplaints({ url, ca, serverName, cert, key }: UpstreamConfig, path: readonly string[]): Complaint[] {
  if (url.startsWith('https:')) {
    if ((cert === null) === (key === null)) return []
    return [{ path, message: `a client certificate is cert and key: add ${cert === null ? 'cert' : 'key'}` }]
  }
  return Object.entries({ ca, serverName, cert, key }).flatMap(([name, value]) =>
    value === null
      ? []
      : [
          {
            path: [...path, name],
            aim: 'key' as const,
            message: `${name} is for https: write url: https://…, or take it out`,
          },
        ],
  )
}

export const boundsComplaints: Check = ({ bounds }, written) => {
  const { headerTimeMax, requestTimeMax } = bounds
  // Node looks for late connections once in a while: a header must be found late before its request is.
  if (headerTimeMax + connectionsCheckEveryMs < requestTimeMax) return { errors: [], warnings: [] }
  const key = written(['bounds', 'requestTimeMax']) ? 'requestTimeMax' : 'headerTimeMax'
  const message = `a request (${formatTime(requestTimeMax)}) must be given longer than its fields (${formatTime(headerTimeMax)}): set requestTimeMax higher`
  return { errors: [{ path: ['bounds', key], message }], warnings: [] }
}
