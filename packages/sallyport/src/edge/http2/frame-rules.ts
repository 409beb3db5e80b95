/** Rules of RFC 9113 that Node's session does not keep, found by watching frames: nghttp2 forgets closed streams and has left
 *  priorities; Node ends a connection for a PING that is answered twice. Everything else is nghttp2's to judge. */
import { constants } from 'node:http2'
import { http2StrayPingsMax, http2WatchedStreamsMax } from '../bounds.ts'
import { type FrameHead, frameFlag, frameType, type OnFrame } from './frames.ts'
import { type WatchedStreams, watchedStreams, windowMax } from './watched-streams.ts'

const {
  NGHTTP2_ENHANCE_YOUR_CALM,
  NGHTTP2_FLOW_CONTROL_ERROR,
  NGHTTP2_NO_ERROR,
  NGHTTP2_PROTOCOL_ERROR,
  NGHTTP2_STREAM_CLOSED,
} = constants

/** What a client did wrong, by the codes of RFC 9113 §7. */
export interface Breaches {
  readonly ofConnection: (code: number) => void
  readonly ofStream: (stream: number, code: number) => void
}

export interface FrameRules {
  readonly fromClient: OnFrame
  readonly toClient: OnFrame
}

export function frameRules(breaches: Breaches): FrameRules {
  const streams = watchedStreams()
  const kept = clientRules(streams, breaches.ofStream)
  let broken = false
  let inSection = false
  return {
    fromClient(head, payload) {
      // What follows a breach is read by nobody.
      if (broken) return false
      // Between the frames of a header section any other ends the connection (RFC 9113 §6.2): it must reach nghttp2.
      const interrupts = inSection && head.type !== frameType.continuation
      if (head.type === frameType.headers || head.type === frameType.continuation)
        inSection = (head.flags & frameFlag.endHeaders) === 0
      if (interrupts) return true
      const said = kept(head, payload)
      if (typeof said === 'boolean') return said
      broken = true
      breaches.ofConnection(said.breach)
      return false
    },
    toClient({ type, flags, stream, length }, payload) {
      // nghttp2 has found a breach by itself. Node would wait for the client to close (RFC 9113 §5.4.1).
      if (type === frameType.goaway && goawayCode(payload) !== NGHTTP2_NO_ERROR)
        breaches.ofConnection(goawayCode(payload))
      if (type === frameType.resetStream) streams.resetByEdge(stream)
      else if (type === frameType.data) streams.sent(stream, length)
      const mayEnd = type === frameType.data || type === frameType.headers
      if (mayEnd && (flags & frameFlag.endStream) !== 0) streams.endedByEdge(stream)
      return true
    },
  }
}

/** RFC 9113 §6.8: the last stream, then why. */
function goawayCode(payload: Buffer): number {
  return payload.length >= 2 * uint32Bytes ? payload.readUInt32BE(uint32Bytes) : NGHTTP2_NO_ERROR
}

const uint32Bytes = 4

/** Whether the frame is passed on; or the end of the connection. */
type Said = boolean | { readonly breach: number }

function clientRules(
  streams: WatchedStreams,
  breachOf: Breaches['ofStream'],
): (head: FrameHead, payload: Buffer) => Said {
  let strayPings = 0
  return (head, payload) => {
    const { type, flags, stream } = head
    switch (type) {
      case frameType.data:
      case frameType.headers:
        return onMessage(head, streams)
      case frameType.priority:
        return onPriority(stream, payload)
      case frameType.resetStream:
        streams.resetByClient(stream)
        return true
      case frameType.settings:
        if ((flags & frameFlag.ack) === 0) onSettings(payload, streams)
        return true
      case frameType.windowUpdate:
        if (payload.length !== 4 || streams.widen(stream, payload.readUInt32BE() & windowMax)) return true
        breachOf(stream, NGHTTP2_FLOW_CONTROL_ERROR)
        return false
      case frameType.ping:
        // The edge asks by no PING: none of its answers was asked for, and none is answered (RFC 9113 §6.7). What is no PING is nghttp2's.
        if ((flags & frameFlag.ack) === 0 || stream !== 0 || head.length !== pingBytes) return true
        return ++strayPings > http2StrayPingsMax
      default:
        return true
    }
  }
}

function onMessage({ type, stream, flags }: FrameHead, streams: WatchedStreams): Said {
  const ends = (flags & frameFlag.endStream) !== 0
  if (streams.isOld(stream)) {
    if (!streams.mayBeSentOn(stream)) return { breach: NGHTTP2_STREAM_CLOSED }
    if (ends) streams.endedByClient(stream)
    return true
  }
  if (type === frameType.data) return true
  if (streams.size() >= http2WatchedStreamsMax) return { breach: NGHTTP2_ENHANCE_YOUR_CALM }
  streams.begin(stream, !ends)
  return true
}

function onPriority(stream: number, payload: Buffer): Said {
  const dependsOn = payload.length >= 4 ? payload.readUInt32BE() & windowMax : null
  return stream === 0 || dependsOn === stream ? { breach: NGHTTP2_PROTOCOL_ERROR } : true
}

function onSettings(payload: Buffer, streams: WatchedStreams): void {
  for (let at = 0; at + settingBytes <= payload.length; at += settingBytes) {
    if (payload.readUInt16BE(at) !== constants.NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE) continue
    streams.setInitialWindow(payload.readUInt32BE(at + 2))
  }
}

const settingBytes = 6
const pingBytes = 8
