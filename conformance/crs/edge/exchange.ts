/** Sends the bytes of one test on a connection of its own, and reads what comes back. */
import { connect } from 'node:net'
import { decisionField } from './upstream.ts'

/** The final answer, as far as a test looks at it. */
export interface Answer {
  readonly status: number
  /** The id of the edge's decision: from the backend, or from the problem that the edge answers with. */
  readonly decision: string
}

/** Milliseconds after which an edge that says nothing has failed. */
const silenceMaxMs = 10_000

/** What came of a request: its answer, a connection that ended without a whole one, or nothing for a long time. */
export type Came = Answer | 'closed' | 'silent'

/** Never rejects. */
export function exchange(port: number, request: string): Promise<Came> {
  return new Promise((resolve) => {
    let held = ''
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const end = (came: Came): void => {
      resolve(came)
      socket.destroy()
    }
    socket.setTimeout(silenceMaxMs, () => end('silent'))
    socket.on('error', () => end('closed'))
    socket.on('close', () => end('closed'))
    socket.setEncoding('latin1').on('data', (text: string) => {
      held += text
      const answer = readAnswer(held, request.startsWith('HEAD '))
      if (answer !== null) end(answer)
    })
    socket.write(request, 'latin1')
  })
}

const endOfHead = '\r\n\r\n'
const firstFinalStatus = 200

/** The first final answer in these bytes; null where it is not whole. */
function readAnswer(bytes: string, toHead: boolean): Answer | null {
  const end = bytes.indexOf(endOfHead)
  if (end === -1) return null
  const head = bytes.slice(0, end + 2)
  const rest = bytes.slice(end + endOfHead.length)
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1])
  if (status < firstFinalStatus) return readAnswer(rest, toHead)
  const length = toHead ? 0 : Number(fieldOf(head, 'Content-Length') ?? 0)
  if (rest.length < length) return null
  const decision = fieldOf(head, decisionField) ?? /"id":"([^"]+)"/.exec(rest)?.[1]
  return decision === undefined ? null : { status, decision }
}

function fieldOf(head: string, name: string): string | undefined {
  const start = `${name.toLowerCase()}: `
  const line = head.split('\r\n').find((one) => one.slice(0, start.length).toLowerCase() === start)
  return line?.slice(start.length)
}
