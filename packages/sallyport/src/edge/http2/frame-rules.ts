/** Rules of RFC 9113 that Node's session does not keep, found by watching frames: nghttp2 forgets closed streams and has left
 *  priorities; Node ends a connection for a PING that is answered twice. Everything else is nghttp2's to judge. */
import { constants } from 'node:http2'
import { http2ForgottenStreamsMax, http2StrayPingsMax, http2WatchedStreamsMax } from '../bounds.ts'
import { type FrameHead, frameFlag, frameType, type OnFrame } from './frames.ts'

const { NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_FLOW_CONTROL_ERROR, NGHTTP2_PROTOCOL_ERROR, NGHTTP2_STREAM_CLOSED } =
  constants

/** What a client did wrong, by the codes of RFC 9113 §7. */
export interface Breaches {
  readonly ofConnection: (code: number) => void
  readonly ofStream: (stream: number, code: number) => void
}

export interface FrameRules {
  readonly fromClient: OnFrame
  readonly toClient: OnFrame
}

interface Watched {
  /** The client may still send on it. */
  open: boolean
  /** Bytes that may be sent to the client on it (RFC 9113 §6.9.1). */
  window: number
}

const windowMax = 2 ** 31 - 1
const windowFirst = 65_535

export function frameRules(breaches: Breaches): FrameRules {
  const streams = new Map<number, Watched>()
  /** Reset by the edge: what the client sent before it knew is no fault (RFC 9113 §5.1). The oldest is forgotten first. */
  const forgiven = new Set<number>()
  let highest = 0
  let windowInitial = windowFirst
  let strayPings = 0
  let broken = false

  const breach = (code: number): false => {
    broken = true
    breaches.ofConnection(code)
    return false
  }

  const onClosed = (stream: number): boolean => forgiven.has(stream) || breach(NGHTTP2_STREAM_CLOSED)

  const begin = ({ stream, flags }: FrameHead): boolean => {
    if (streams.size >= http2WatchedStreamsMax) return breach(NGHTTP2_ENHANCE_YOUR_CALM)
    highest = stream
    streams.set(stream, { open: (flags & frameFlag.endStream) === 0, window: windowInitial })
    return true
  }

  const onMessage = (head: FrameHead): boolean => {
    const { type, stream, flags } = head
    if (stream > highest) return type === frameType.headers ? begin(head) : true
    const watched = streams.get(stream)
    if (watched === undefined || !watched.open) return onClosed(stream)
    if ((flags & frameFlag.endStream) !== 0) watched.open = false
    return true
  }

  const onPriority = ({ stream }: FrameHead, payload: Buffer): boolean => {
    const dependsOn = payload.length >= 4 ? payload.readUInt32BE() & windowMax : null
    return stream === 0 || dependsOn === stream ? breach(NGHTTP2_PROTOCOL_ERROR) : true
  }

  const onSettings = ({ flags }: FrameHead, payload: Buffer): boolean => {
    if ((flags & frameFlag.ack) !== 0) return true
    for (let at = 0; at + settingBytes <= payload.length; at += settingBytes) {
      if (payload.readUInt16BE(at) !== constants.NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE) continue
      const size = payload.readUInt32BE(at + 2)
      for (const watched of streams.values()) watched.window += size - windowInitial
      windowInitial = size
    }
    return true
  }

  const onWindow = ({ stream }: FrameHead, payload: Buffer): boolean => {
    const watched = streams.get(stream)
    if (watched === undefined || payload.length !== 4) return true
    const window = watched.window + (payload.readUInt32BE() & windowMax)
    if (window > windowMax) {
      breaches.ofStream(stream, NGHTTP2_FLOW_CONTROL_ERROR)
      return false
    }
    watched.window = window
    return true
  }

  const ended = (stream: number): void => {
    if (streams.get(stream)?.open === false) streams.delete(stream)
  }

  const reset = (stream: number): void => {
    if (!streams.delete(stream)) return
    forgiven.add(stream)
    if (forgiven.size <= http2ForgottenStreamsMax) return
    for (const oldest of forgiven) {
      forgiven.delete(oldest)
      break
    }
  }

  return {
    fromClient(head, payload) {
      if (broken) return false
      switch (head.type) {
        case frameType.data:
        case frameType.headers:
          return onMessage(head)
        case frameType.priority:
          return onPriority(head, payload)
        case frameType.resetStream:
          streams.delete(head.stream)
          return true
        case frameType.settings:
          return onSettings(head, payload)
        case frameType.windowUpdate:
          return onWindow(head, payload)
        case frameType.ping:
          // The edge asks by no PING: none of its answers was asked for, and none is answered (RFC 9113 §6.7).
          return (head.flags & frameFlag.ack) === 0 || ++strayPings > http2StrayPingsMax
        default:
          return true
      }
    },
    toClient({ type, flags, stream, length }) {
      if (type === frameType.resetStream) reset(stream)
      else if (type === frameType.data) {
        const watched = streams.get(stream)
        if (watched !== undefined) watched.window -= length
      }
      const mayEnd = type === frameType.data || type === frameType.headers
      if (mayEnd && (flags & frameFlag.endStream) !== 0) ended(stream)
      return true
    },
  }
}

const settingBytes = 6
