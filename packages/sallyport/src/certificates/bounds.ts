/** Every hard maximum on what a certificate authority may send or cost, and on files that an operator names. A hostile or
 *  broken authority may fail an order; it may not fill memory, keep the edge waiting for ever, or make it hammer others. */

const KiB = 1024
const second = 1000
const minute: number = 60 * second
const hour: number = 60 * minute
const day: number = 24 * hour

/** Certificates in one chain; real ones have two to four. Over it: refused. */
export const chainCertificatesMax = 10
/** A certificate that ends within this time is warned about at start and at reload. */
export const expiryWarningMs: number = 14 * day

/** One answer of an authority, body bytes. Over it: the request fails. */
export const answerBytesMax: number = 128 * KiB
/** One request to an authority, from dialling to the last byte. */
export const requestTimeMaxMs: number = 20 * second
/** Nonces kept for later requests (RFC 8555 §6.5); more are dropped. */
export const noncesMax = 16
/** Tries of one request whose nonce is refused (`badNonce`): an authority must not keep us in a loop. */
export const nonceTriesMax = 10
/** Names of one certificate: what Let's Encrypt takes. */
export const hostsPerCertificateMax = 100
/** Challenges read of one authorization; there are three or four kinds. */
export const challengesMax = 16
/** Characters of a challenge's token; RFC 8555 §8.3 asks for at least 128 bits, real ones have 43 characters. */
export const tokenCharsMax = 256
/** Characters of an authority's own words that go into a line for the operator. */
export const detailCharsMax = 300
/** Characters of a whole failure, ours and theirs. */
export const failureCharsMax = 1000
/** The first wait before an order or authorization is asked for again; it doubles up to the second. */
export const pollFirstMs = 250
export const pollMaxMs: number = 15 * second
/** One order or authorization that never ends: given up after this. */
export const pollTotalMaxMs: number = 3 * minute

/** After a failure: the first wait, doubled each time up to the second, and spread by chance. Let's Encrypt lets five
 *  validations an hour fail. */
export const retryFirstMs: number = minute
export const retryMaxMs: number = 6 * hour
/** A `Retry-After` of a rate limit is honoured up to here; whatever it says, we ask once a day. */
export const retryAfterMaxMs: number = day
/** The longest sleep before the clock is read again: a clock that was set, or a machine that slept, is noticed by then. */
export const lookAgainMs: number = hour
/** A renewal window (RFC 9773) is asked for this often, unless `Retry-After` says otherwise within the other two. */
export const renewalInfoEveryMs: number = 6 * hour
export const renewalInfoFirstMs: number = hour
export const renewalInfoLastMs: number = day

assertBounds(pollFirstMs < pollMaxMs && pollMaxMs < pollTotalMaxMs, 'a poll must fit several times into its total')
assertBounds(detailCharsMax * 2 < failureCharsMax, 'what to do must not be cut off')
assertBounds(retryFirstMs < retryMaxMs && retryMaxMs <= retryAfterMaxMs, 'waits after failures must grow')
assertBounds(renewalInfoFirstMs <= renewalInfoEveryMs && renewalInfoEveryMs <= renewalInfoLastMs, 'in order of length')

/** Stops the program at load when two bounds contradict each other. */
function assertBounds(holds: boolean, why: string): void {
  if (!holds) throw new Error(`bounds.ts: ${why}`)
}
