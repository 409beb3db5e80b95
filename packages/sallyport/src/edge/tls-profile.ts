/** TLS as Mozilla's intermediate profile has it (version 5.7): 1.2 and 1.3, forward secrecy, no CBC.
 *  Key exchange is left to OpenSSL 3.5, which prefers X25519MLKEM768 by itself. */
import { constants } from 'node:crypto'
import type { SecureContextOptions } from 'node:tls'

const ciphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
]

export const tlsOptions: SecureContextOptions = {
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.3',
  ciphers: ciphers.join(':'),
  // A handshake over again costs a client less than the edge (CVE-2011-1473), and HTTP/2 forbids it (RFC 9113 §9.2.1).
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
}
