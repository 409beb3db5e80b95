/** Frames on their way out: in order, DATA no sooner than its windows allow, everything behind it neither (RFC 9113 §5.2). */
import { type Frame, types, uintAt, written } from './frame.ts'

export interface SendQueue {
  readonly add: (frames: readonly Frame[]) => void
  /** What the server said in SETTINGS, and of windows. */
  readonly settings: (payload: string) => void
  readonly window: (stream: number, bytes: number) => void
  /** The server has ended a stream: it is not filled further. */
  readonly ended: (stream: number) => void
  /** Resolves once all frames are out, or the connection has closed. */
  readonly drained: () => Promise<void>
  readonly close: () => void
}

const windowBytesDefault = 65_535
const settingBytes = 6
export const initialWindowSetting = 0x4

export function sendQueue(write: (bytes: string) => void): SendQueue {
  let waiting: Frame[] = []
  let closed = false
  let initial = windowBytesDefault
  let connection = windowBytesDefault
  const used = new Map<number, number>()
  const finished = new Set<number>()
  let idle: (() => void)[] = []
  /** The bytes of a frame; null where it must wait. */
  const ready = (frame: Frame): string | null => {
    const bytes = frame.payload.length
    if (frame.type !== types.data || frame.stream === 0 || bytes === 0) return written(frame)
    if (finished.has(frame.stream)) return ''
    const spent = (used.get(frame.stream) ?? 0) + bytes
    if (spent > initial || bytes > connection) return null
    used.set(frame.stream, spent)
    connection -= bytes
    return written(frame)
  }
  const flush = (): void => {
    let out = ''
    let sent = 0
    for (const frame of waiting) {
      const bytes = ready(frame)
      if (bytes === null) break
      out += bytes
      sent++
    }
    waiting = waiting.slice(sent)
    if (out !== '' && !closed) write(out)
    if (waiting.length > 0 && !closed) return
    for (const wake of idle) wake()
    idle = []
  }
  return {
    add(frames) {
      waiting.push(...frames)
      flush()
    },
    settings(payload) {
      for (let at = 0; at + settingBytes <= payload.length; at += settingBytes)
        if (uintAt(payload, at, 2) === initialWindowSetting) initial = uintAt(payload, at + 2, 4)
      flush()
    },
    window(stream, bytes) {
      if (stream === 0) connection += bytes
      else used.set(stream, (used.get(stream) ?? 0) - bytes)
      flush()
    },
    ended(stream) {
      finished.add(stream)
      flush()
    },
    drained: () =>
      new Promise((resolve) => {
        idle.push(resolve)
        flush()
      }),
    close() {
      closed = true
      flush()
    },
  }
}
