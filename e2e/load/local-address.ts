/** Connections from many addresses of the loopback network: those of one address would run out of ports, each being kept by the kernel for a
 *  minute after its connection (RFC 9293 §3.3.2, TIME-WAIT). */
const addresses = 200

export function localAddress(index: number): { readonly localAddress: string } {
  return { localAddress: `127.0.1.${1 + (index % addresses)}` }
}
