import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { upstreamWaitingMax, upstreamWaitTimeMaxMs } from '../bounds.ts'
import { connectUpstream } from './connect.ts'
import { ask, bodyOf, get, never, okAnswer, scripted } from './scripted-upstream.fixture.ts'

const settings = { connectMs: 4000, answerMs: 8000, silenceMs: 12_000 }

test('requests over the number of connections wait, and are served in order', async () => {
  await using api = await scripted({ settings: { connectionsMax: 2 } })
  const answers = [1, 2, 3, 4].map((n) => ask(api.upstream, get(`/${n}`)))
  for (let n = 1; n <= 4; n++) {
    const { socket, bytes } = await api.next()
    assert.equal(bytes.split(' ')[1], `/${n}`)
    if (n === 2) for (const { socket } of api.asked) socket.write(okAnswer)
    if (n > 2) socket.write(okAnswer)
  }
  assert.deepEqual(await Promise.all(answers), Array(4).fill([200, 'ok']))
  assert.equal(api.connections(), 2)
})

test('a connection that breaks makes room for who waits', async () => {
  await using api = await scripted({ settings: { connectionsMax: 1 } })
  const [broken, waiting] = [ask(api.upstream), ask(api.upstream)]
  ;(await api.next()).socket.destroy()
  await assert.rejects(broken, { kind: 'refused' })
  ;(await api.next()).socket.write(okAnswer)
  assert.deepEqual(await waiting, [200, 'ok'])
})

test('more requests than may wait are told that the upstream is busy, at once', async () => {
  await using api = await scripted({ settings: { connectionsMax: 1 } })
  const first = api.upstream.send(get(), never)
  const rest = Array.from({ length: upstreamWaitingMax }, () => api.upstream.send(get(), never))
  const all = Promise.allSettled([first, ...rest])
  await assert.rejects(api.upstream.send(get(), never), { name: 'UpstreamError', kind: 'busy' })
  await api.upstream.close()
  assert.ok((await all).every(({ status }) => status === 'rejected'))
})

test('who waits too long for a connection is told that the upstream is busy', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  await using api = await scripted({ settings: { ...settings, answerMs: 60_000, connectionsMax: 1 } })
  const first = ask(api.upstream)
  const second = ask(api.upstream)
  const { socket } = await api.next()
  t.mock.timers.tick(upstreamWaitTimeMaxMs)
  t.mock.timers.tick(2000)
  await assert.rejects(second, { kind: 'busy' })
  socket.write(okAnswer)
  assert.deepEqual(await first, [200, 'ok'])
  assert.equal(api.asked.length, 1, 'nothing was sent for who was told so')
})

test('an upstream that does not answer in time is late, whatever it announces meanwhile', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  await using api = await scripted({ settings })
  let heard = Promise.withResolvers<void>()
  const answer = api.upstream.send(get(), never, () => heard.resolve())
  answer.catch(() => undefined)
  const { socket } = await api.next()
  for (let second = 0; second * 1000 < settings.answerMs; second++) {
    socket.write('HTTP/1.1 103 -\r\n\r\n')
    await heard.promise
    heard = Promise.withResolvers()
    t.mock.timers.tick(1000)
  }
  const closed = once(socket, 'close')
  t.mock.timers.tick(2000)
  await assert.rejects(answer, { kind: 'late' })
  await closed
})

test('no answer is late before its time', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  await using api = await scripted({ settings })
  const answer = ask(api.upstream)
  const { socket } = await api.next()
  t.mock.timers.tick(settings.answerMs)
  socket.write(okAnswer)
  assert.deepEqual(await answer, [200, 'ok'])
})

test('an upstream that connects and says nothing of TLS is late', async (t) => {
  await using silent = await scripted()
  t.mock.timers.enable({ apis: ['setInterval'] })
  const upstream = connectUpstream(silent.origin.replace('http:', 'https:'), settings)
  const answer = upstream.send(get(), never)
  t.mock.timers.tick(settings.connectMs + 2000)
  await assert.rejects(answer, { kind: 'late' })
  await upstream.close()
})

test('an answer that falls silent breaks off, unless it is its reader who has no room', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  for (const hasRoom of [true, false]) {
    await using api = await scripted({ settings })
    const answered = api.upstream.send(get(), never)
    const { socket } = await api.next()
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab')
    const answer = await answered
    const said: string[] = []
    const came = Promise.withResolvers<void>()
    answer.read({
      data(chunk) {
        said.push(String(chunk))
        came.resolve()
        return hasRoom
      },
      end: () => said.push('end'),
      failed: () => said.push('failed'),
    })
    await came.promise
    t.mock.timers.tick(settings.silenceMs + 2000)
    assert.deepEqual(said, hasRoom ? ['ab', 'failed'] : ['ab'])
  }
})

const idleTimes: readonly { why: string; field: string; ms: number }[] = [
  { why: 'four seconds', field: '', ms: 4000 },
  { why: 'a second less than the upstream says', field: 'Keep-Alive: timeout=20\r\n', ms: 19_000 },
  { why: 'a minute, if the upstream says more', field: 'Keep-Alive: timeout=600\r\n', ms: 60_000 },
]
for (const { why, field, ms } of idleTimes) {
  test(`an idle connection is closed after ${why}`, async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    await using api = await scripted({ settings })
    const answer = ask(api.upstream)
    const { socket } = await api.next()
    socket.write(okAnswer.replace('OK\r\n', `OK\r\n${field}`))
    await answer
    let closed = false
    const close = once(socket, 'close').then(() => {
      closed = true
    })
    t.mock.timers.tick(ms - 2000)
    const second = ask(api.upstream)
    ;(await api.next()).socket.write(okAnswer.replace('OK\r\n', `OK\r\n${field}`))
    await second
    assert.deepEqual([closed, api.connections()], [false, 1])
    t.mock.timers.tick(ms)
    await close
  })
}

test('what may not be sent twice never meets a connection that was closed while it was idle', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  await using api = await scripted({ settings })
  const first = ask(api.upstream)
  const { socket } = await api.next()
  socket.write(okAnswer)
  await first
  t.mock.timers.tick(2000)
  // Closed before the next request, which the pool cannot know yet: it has read nothing since.
  socket.end()
  const post = ask(api.upstream, get('/', { method: 'POST', body: Buffer.from('ab') }))
  const next = await api.next()
  next.socket.write(okAnswer)
  assert.deepEqual([await post, next.connection], [[200, 'ok'], 1])
})

test('a client that leaves ends its request: in line, under way, and in the middle of its answer', async () => {
  await using api = await scripted({ settings: { connectionsMax: 1 } })
  const gone = [new AbortController(), new AbortController()]
  const [first, waiting] = gone.map(({ signal }) => api.upstream.send(get(), signal))
  const { socket } = await api.next()
  const closed = once(socket, 'close')
  gone[1]?.abort()
  await assert.rejects(waiting ?? Promise.resolve(), { kind: 'refused' })
  gone[0]?.abort()
  await assert.rejects(first ?? Promise.resolve(), { kind: 'refused' })
  await closed
  const third = new AbortController()
  const answered = api.upstream.send(get(), third.signal)
  const next = await api.next()
  next.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab')
  const body = bodyOf(await answered)
  const nextClosed = once(next.socket, 'close')
  third.abort()
  await assert.rejects(body, { message: 'broke off' })
  await nextClosed
  assert.equal(api.asked.length, 2)
})

test('a request of a client that has left before is not sent', async () => {
  await using api = await scripted()
  await assert.rejects(api.upstream.send(get(), AbortSignal.abort()), { kind: 'refused' })
  assert.equal(api.connections(), 0)
})

test('an upstream that is not there refuses, each request once', async () => {
  const gone = await scripted()
  await gone[Symbol.asyncDispose]()
  const upstream = connectUpstream(gone.origin, { connectionsMax: 1 })
  const all = await Promise.allSettled([1, 2, 3].map(() => upstream.send(get(), never)))
  assert.deepEqual(
    all.map((one) => one.status === 'rejected' && [one.reason.name, one.reason.kind]),
    Array(3).fill(['UpstreamError', 'refused']),
  )
  await upstream.close()
})

test('a pool that is closed ends what is under way, and takes nothing more', async () => {
  await using api = await scripted({ settings: { connectionsMax: 1 } })
  const all = Promise.allSettled([api.upstream.send(get(), never), api.upstream.send(get(), never)])
  const { socket } = await api.next()
  const closed = once(socket, 'close')
  await api.upstream.close()
  assert.ok((await all).every((one) => one.status === 'rejected' && one.reason.kind === 'refused'))
  await closed
  await assert.rejects(api.upstream.send(get(), never), { kind: 'refused' })
})

test('an answer that nobody reads yet is kept, whole, though its connection has closed meanwhile', async () => {
  await using api = await scripted()
  const answered = api.upstream.send(get(), never)
  const { socket } = await api.next()
  socket.end(okAnswer)
  const answer = await answered
  await once(socket, 'close')
  assert.equal(await bodyOf(answer), 'ok')
})

test('an answer is no faster than its reader, and arrives whole', async () => {
  const bytes = 32 * 1024 * 1024
  await using api = await scripted()
  const answered = api.upstream.send(get(), never)
  const { socket } = await api.next()
  socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes}\r\n\r\n`)
  const answer = await answered
  const sent = new Promise<void>((resolve) => socket.write(Buffer.alloc(bytes, 'x'), () => resolve()))
  let seen = 0
  let stopped = false
  await new Promise<void>((resolve) => {
    answer.read({
      data(chunk) {
        assert.ok(!stopped, 'nothing comes while there is no room')
        seen += chunk.length
        stopped = true
        setImmediate(() => {
          stopped = false
          answer.resume()
        })
        return false
      },
      end: resolve,
      failed: () => assert.fail('broke off'),
    })
  })
  await sent
  assert.equal(seen, bytes)
})
