/** Holds an answer's body back, whole or its beginning, so that it can be judged before a byte of it is passed on. */
import type { Answer, BodySink } from './upstream.ts'

export interface Held {
  /** What came until there was enough; up to one chunk more than that. */
  readonly bytes: Buffer
  readonly whole: boolean
  /** The same answer, to be read from its first byte. What is still to come waits at the upstream until then. */
  readonly answer: Answer
}

/** Reads until the end, or until more than `bytesMax` have come. Null: it broke off before. `onBytes` counts every byte of the body,
 *  also of what is read later. */
export function holdAnswer(answer: Answer, bytesMax: number, onBytes: (bytes: number) => void): Promise<Held | null> {
  let chunks: Buffer[] = []
  let bytes = 0
  let ended: 'whole' | 'broken' | null = null
  let reader: BodySink | null = null

  const read = (sink: BodySink): void => {
    let room = true
    for (const chunk of chunks) room = sink.data(chunk)
    chunks = []
    reader = sink
    if (ended === 'whole') sink.end()
    else if (ended === 'broken') sink.failed()
    else if (room) answer.resume()
  }

  return new Promise((resolve) => {
    const held = (): void => {
      const all = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
      chunks = all.length === 0 ? [] : [all]
      resolve({ bytes: all, whole: ended === 'whole', answer: { ...answer, read } })
    }
    answer.read({
      data(chunk) {
        onBytes(chunk.length)
        if (reader !== null) return reader.data(chunk)
        // A chunk may have been on its way when there was enough: it waits with the others.
        const enough = bytes > bytesMax
        chunks.push(chunk)
        bytes += chunk.length
        if (bytes > bytesMax && !enough) held()
        return bytes <= bytesMax
      },
      end() {
        ended = 'whole'
        if (reader !== null) reader.end()
        else if (bytes <= bytesMax) held()
      },
      failed() {
        ended = 'broken'
        if (reader !== null) reader.failed()
        else resolve(null) // of no effect where enough had come: then its reader is told
      },
    })
  })
}
