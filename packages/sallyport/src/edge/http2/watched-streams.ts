/** What is known of a connection's streams from watching their frames: which of them the client may still send on, and what may be
 *  sent to it on each. Bounded: nghttp2 allows few streams at once, and of those that ended a number is all that is kept. */
import { http2ForgivenStreamsMax } from '../bounds.ts'

export interface WatchedStreams {
  /** How many are watched. */
  readonly size: () => number
  /** Whether a stream of this number or a higher one has begun. */
  readonly isOld: (stream: number) => boolean
  readonly begin: (stream: number, open: boolean) => void
  /** Whether the client may send on it; a stream that the edge has reset counts, for what was on its way is no fault
   *  (RFC 9113 §5.1). */
  readonly mayBeSentOn: (stream: number) => boolean
  readonly endedByClient: (stream: number) => void
  readonly endedByEdge: (stream: number) => void
  readonly resetByClient: (stream: number) => void
  readonly resetByEdge: (stream: number) => void
  /** The client's SETTINGS: of streams that are open, too (RFC 9113 §6.9.2). */
  readonly setInitialWindow: (bytes: number) => void
  /** Whether the window stays within its maximum (RFC 9113 §6.9.1); where it does not, it stays as it was. */
  readonly widen: (stream: number, bytes: number) => boolean
  readonly sent: (stream: number, bytes: number) => void
}

interface Watched {
  /** The client may still send on it. */
  open: boolean
  /** Bytes that may be sent to the client on it. */
  window: number
}

export const windowMax: number = 2 ** 31 - 1
const windowFirst = 65_535

export function watchedStreams(): WatchedStreams {
  const streams = new Map<number, Watched>()
  /** Reset by the edge; the oldest is forgotten first. */
  const forgiven = new Set<number>()
  let highest = 0
  let initial = windowFirst
  return {
    size: () => streams.size,
    isOld: (stream) => stream <= highest,
    begin(stream, open) {
      highest = stream
      streams.set(stream, { open, window: initial })
    },
    mayBeSentOn: (stream) => streams.get(stream)?.open ?? forgiven.has(stream),
    endedByClient(stream) {
      const watched = streams.get(stream)
      if (watched !== undefined) watched.open = false
    },
    endedByEdge(stream) {
      if (streams.get(stream)?.open === false) streams.delete(stream)
    },
    resetByClient: (stream) => void streams.delete(stream),
    resetByEdge(stream) {
      if (!streams.delete(stream)) return
      forgiven.add(stream)
      const [oldest] = forgiven
      if (forgiven.size > http2ForgivenStreamsMax && oldest !== undefined) forgiven.delete(oldest)
    },
    setInitialWindow(bytes) {
      for (const watched of streams.values()) watched.window += bytes - initial
      initial = bytes
    },
    widen(stream, bytes) {
      const watched = streams.get(stream)
      if (watched === undefined) return true
      if (watched.window + bytes > windowMax) return false
      watched.window += bytes
      return true
    },
    sent(stream, bytes) {
      const watched = streams.get(stream)
      if (watched !== undefined) watched.window -= bytes
    },
  }
}
