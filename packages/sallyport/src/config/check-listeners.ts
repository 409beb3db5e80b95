/** Listeners side by side: names, addresses, and what is reachable in clear. */

import { formatAddress, isLocal } from './address.ts'
import type { Check, Complaint } from './complaint.ts'
import type { ListenerConfig } from './config.ts'

export const listenerComplaints: Check = ({ listeners, admin }) => {
  const errors: Complaint[] = []
  const warnings: Complaint[] = []
  const names = new Set<string>()
  const addresses = new Set<string>()
  for (const [index, listener] of listeners.entries()) {
    const path = ['listeners', index]
    const { name, listen } = listener
    if (names.has(name)) {
      errors.push({ path: [...path, 'name'], message: `another listener is named ${name}: choose a second name` })
    }
    names.add(name)
    const address = formatAddress(listen)
    const free = listen.kind === 'tcp' && listen.port === 0
    if (!free && addresses.has(address)) {
      errors.push({ path: [...path, 'listen'], message: `another listener has ${address}: choose another port` })
    }
    addresses.add(address)
    errors.push(...contradictions(listener, path))
    const clear = inClear(listener)
    if (clear !== null) warnings.push({ path: [...path, 'listen'], message: clear })
  }
  if (admin.listen !== null) {
    const address = formatAddress(admin.listen)
    const path = ['admin', 'listen']
    if (addresses.has(address) && !/:0$/.test(address)) {
      errors.push({ path, message: `a listener has ${address}: choose another port` })
    }
    if (!isLocal(admin.listen)) {
      warnings.push({ path, message: `${address} shows metrics to whoever reaches it: use 127.0.0.1, or a firewall` })
    }
  }
  return { errors, warnings }
}

function contradictions(listener: ListenerConfig, path: readonly (string | number)[]): Complaint[] {
  const found: Complaint[] = []
  if (listener.serves === 'acme' && listener.tls) {
    const message = 'HTTP-01 is asked in plain HTTP: add tls: false (TLS listeners answer TLS-ALPN-01 by themselves)'
    found.push({ path: [...path, 'serves'], message })
  }
  const unix = listener.listen.kind === 'unix'
  for (const [at, source] of listener.trustedProxies.entries()) {
    if ((source === 'unix') === unix) continue
    const message = unix
      ? 'peers of a Unix socket have no address: write unix'
      : 'unix: this listener is no Unix socket'
    found.push({ path: [...path, 'trustedProxies', at], message })
  }
  return found
}

/** A key that travels in clear through a network is a key that someone else has. */
function inClear({ tls, serves, listen, trustedProxies }: ListenerConfig): string | null {
  if (tls || serves === 'acme' || isLocal(listen) || trustedProxies.length > 0) return null
  return `plain HTTP on ${formatAddress(listen)}: API keys travel readable; use TLS, or name the proxy in trustedProxies`
}
