/** The memory of a process started with `--inspect`, by its debugger: after a collection that is asked for, and without a line of its own changed. */
import type { Program } from '../program.ts'

export interface Inspector extends Disposable {
  /** Bytes of heap and of what is outside of it on its account, after a full collection. */
  readonly liveBytes: () => Promise<number>
}

export async function inspect(program: Program): Promise<Inspector> {
  const [, url = ''] = await program.line(/^Debugger listening on (ws:\S+)$/)
  const socket = new WebSocket(url)
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true })
    socket.addEventListener('error', reject, { once: true })
  })
  const waiting = new Map<number, (result: unknown) => void>()
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data))
    waiting.get(id)?.(result)
    waiting.delete(id)
  })
  let last = 0
  const ask = <T>(method: string, params: object = {}): Promise<T> =>
    new Promise((resolve) => {
      const id = ++last
      waiting.set(id, (result) => resolve(result as T))
      socket.send(JSON.stringify({ id, method, params }))
    })
  return {
    async liveBytes() {
      // Twice: what the first collection finalises, the second one frees.
      for (let i = 0; i < 2; i++) await ask('HeapProfiler.collectGarbage')
      const expression = '(({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())'
      const { result } = await ask<{ result: { value: number } }>('Runtime.evaluate', { expression })
      return result.value
    },
    [Symbol.dispose]: () => socket.close(),
  }
}
