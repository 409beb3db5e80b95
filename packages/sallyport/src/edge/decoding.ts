/** Takes codings off a body so that rules can read it (RFC 9110 §8.4). What is forwarded is the body as it came. Decoding is where a
 *  few bytes become many (CWE-409), so its output is bounded while it is made, not after. */
import { brotliDecompress, constants, gunzip, inflate } from 'node:zlib'
import { decodeLayersMax, decodeRatioMax, decodeSmallBytesMax } from './bounds.ts'

type Decode = (bytes: Uint8Array, maxOutputLength: number) => Promise<Buffer>

/** With `info`, which Node's types do not know: what was made, and of how many bytes. */
type Informing = (
  bytes: Uint8Array,
  options: object,
  then: (
    error: Error | null,
    made: { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } },
  ) => void,
) => void

/** Rejects for bytes behind the end of the coded ones, which Node's decoders pass over: no rule would read them. */
function whole(decoder: typeof gunzip | typeof inflate | typeof brotliDecompress, options: object = {}): Decode {
  const informing = decoder as unknown as Informing
  return (bytes, maxOutputLength) =>
    new Promise((resolve, reject) => {
      informing(bytes, { ...options, maxOutputLength, info: true }, (error, made) => {
        if (error !== null) reject(error)
        else if (made.engine.bytesWritten !== bytes.length) reject(new Error('bytes behind the end'))
        else resolve(made.buffer)
      })
    })
}

const gzip = whole(gunzip)

/** By the names of the IANA registry of content codings; `x-gzip` is `gzip` (RFC 9110 §8.4.1.3). A `Map`: `constructor` is no coding. */
const decoders: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['gzip', gzip],
  ['x-gzip', gzip],
  // Zlib's frame, as RFC 9110 §8.4.1.2 has it; raw deflate, which some send, is refused: it has no checksum, so any bytes may be one.
  ['deflate', whole(inflate)],
  // The window of RFC 7932 §9.1; the large one is no part of `br`.
  ['br', whole(brotliDecompress, { params: { [constants.BROTLI_DECODER_PARAM_LARGE_WINDOW]: 0 } })],
])

/** The codings of a `Content-Encoding` value in the order they were put on, without `identity`; null where one is unknown, or there
 *  are more than may be taken off. */
export function codingsOf(value: string): readonly string[] | null {
  const codings = value
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== 'identity')
  return codings.length <= decodeLayersMax && codings.every((coding) => decoders.has(coding)) ? codings : null
}

/** `unreadable`: not what the coding says. `tooLong`: over `bytesMax`, or far larger than what came. */
export type Decoded = Buffer | 'unreadable' | 'tooLong'

export async function decode(body: Buffer, codings: readonly string[], bytesMax: number): Promise<Decoded> {
  const outputMax = Math.min(bytesMax, Math.max(body.length * decodeRatioMax, decodeSmallBytesMax))
  let bytes = body
  for (const coding of codings.toReversed()) {
    try {
      // Node takes no bound of 0.
      bytes = (await decoders.get(coding)?.(bytes, Math.max(outputMax, 1))) ?? bytes
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'tooLong' : 'unreadable'
    }
  }
  return bytes.length > outputMax ? 'tooLong' : bytes
}
