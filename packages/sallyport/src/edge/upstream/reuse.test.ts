import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import type { UpstreamRequest } from '../upstream.ts'
import { ask, bodyOf, get, givenBody, never, okAnswer, type Scripted, scripted } from './scripted-upstream.fixture.ts'

/** Answers the first request with these bytes; gives the connection that the second comes on. */
async function secondConnection(api: Scripted, bytes: string, first: UpstreamRequest = get()): Promise<number> {
  const one = ask(api.upstream, first)
  const { socket } = await api.next()
  socket.write(bytes, 'latin1')
  await one
  const two = ask(api.upstream)
  const asked = await api.next()
  asked.socket.write(okAnswer)
  assert.deepEqual(await two, [200, 'ok'])
  return asked.connection
}

const ok = 'HTTP/1.1 200 OK\r\n'
const goesOn: readonly { why: string; answer: string; request?: UpstreamRequest }[] = [
  { why: 'an answer with a length', answer: okAnswer },
  { why: 'an answer in chunks', answer: `${ok}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n` },
  { why: 'an answer without a body', answer: 'HTTP/1.1 204 No Content\r\n\r\n' },
  { why: 'the head of an answer', answer: `${ok}Content-Length: 9\r\n\r\n`, request: get('/', { method: 'HEAD' }) },
  { why: 'an answer after an announcement', answer: `HTTP/1.1 100 Continue\r\n\r\n${okAnswer}` },
  { why: 'an answer that promises time', answer: okAnswer.replace('OK\r\n', 'OK\r\nKeep-Alive: max=9, timeout=5\r\n') },
]
for (const { why, answer, request } of goesOn) {
  test(`behind ${why} the connection carries the next request`, async () => {
    await using api = await scripted()
    assert.equal(await secondConnection(api, answer, request), 0)
  })
}

const ends: readonly { why: string; answer: string; request?: UpstreamRequest }[] = [
  { why: 'Connection: close', answer: okAnswer.replace('OK\r\n', 'OK\r\nConnection: close\r\n') },
  { why: 'HTTP/1.0', answer: okAnswer.replace('1.1', '1.0') },
  { why: 'Keep-Alive: timeout=1', answer: okAnswer.replace('OK\r\n', 'OK\r\nKeep-Alive: timeout=1\r\n') },
  { why: 'a byte behind its end', answer: `${okAnswer}H` },
  { why: 'a second answer behind it', answer: okAnswer + okAnswer.replace('ok', 'no') },
  { why: 'a body that HEAD has none of', answer: okAnswer, request: get('/', { method: 'HEAD' }) },
  { why: 'a body that a 304 has none of', answer: okAnswer.replace('200', '304') },
  { why: 'a length that a 204 has none of', answer: 'HTTP/1.1 204 -\r\nContent-Length: 2\r\n\r\n' },
  { why: 'no to an upgrade', answer: okAnswer, request: get('/', { upgrade: 'websocket' }) },
]
for (const { why, answer, request } of ends) {
  test(`an answer with ${why} is the last of its connection`, async () => {
    await using api = await scripted()
    assert.equal(await secondConnection(api, answer, request), 1)
  })
}

test('an answer that nobody asked for, on an idle connection, is never given to the next request (CWE-444)', async () => {
  await using api = await scripted()
  const one = ask(api.upstream)
  const { socket } = await api.next()
  socket.write(okAnswer)
  await one
  const closed = once(socket, 'close')
  socket.write(okAnswer.replace('ok', 'no'))
  await closed
  const two = ask(api.upstream)
  const second = await api.next()
  second.socket.write(okAnswer)
  assert.deepEqual([await two, second.connection], [[200, 'ok'], 1])
})

test('the connection used last is used next', async () => {
  await using api = await scripted()
  const answers = [ask(api.upstream), ask(api.upstream)]
  const [first, second] = [await api.next(), await api.next()]
  for (const { socket } of [second, first]) {
    const done = answers[socket === first.socket ? 0 : 1]
    socket.write(okAnswer)
    await done
  }
  const third = ask(api.upstream)
  const { connection, socket } = await api.next()
  socket.write(okAnswer)
  await third
  assert.equal(connection, first.connection)
})

/** The second request meets a connection that the upstream closes without a word. */
async function closedAtReuse(api: Scripted, request: UpstreamRequest) {
  const one = ask(api.upstream)
  const { socket } = await api.next()
  socket.write(okAnswer)
  await one
  const answer = ask(api.upstream, request)
  answer.catch(() => undefined)
  const asked = await api.next()
  asked.socket.destroy()
  return { answer, asked }
}

const body = Buffer.from('ab')
for (const request of [get(), get('/', { method: 'PUT', body }), get('/', { method: 'DELETE' })]) {
  test(`${request.method} is sent again where an idle connection was closed under it`, async () => {
    await using api = await scripted()
    const { answer, asked } = await closedAtReuse(api, request)
    const again = await api.next()
    assert.deepEqual([asked.connection, again.connection], [0, 1])
    assert.equal(again.bytes, asked.bytes)
    again.socket.write(okAnswer)
    assert.deepEqual(await answer, [200, 'ok'])
  })
}

const unrepeatable: readonly { why: string; request: () => UpstreamRequest }[] = [
  { why: 'POST', request: () => get('/', { method: 'POST', body }) },
  { why: 'PATCH', request: () => get('/', { method: 'PATCH', body }) },
  { why: 'a method that nobody knows', request: () => get('/', { method: 'PAY' }) },
  { why: 'PUT of a body that is not kept', request: () => get('/', { method: 'PUT', body: givenBody(null) }) },
]
for (const { why, request } of unrepeatable) {
  test(`${why} is never sent twice`, async () => {
    await using api = await scripted()
    const { answer } = await closedAtReuse(api, request())
    await assert.rejects(answer, { name: 'UpstreamError', kind: 'refused' })
    assert.equal(api.asked.length, 2)
  })
}

test('what was sent again is not sent a third time', async () => {
  await using api = await scripted({
    answer({ socket, connection }) {
      if (connection > 0 || api.asked.length > 1) socket.destroy()
      else socket.write(okAnswer)
    },
  })
  await ask(api.upstream)
  await assert.rejects(ask(api.upstream), { kind: 'refused' })
  assert.equal(api.asked.length, 3)
})

test('a request of which a byte was answered is not sent again', async () => {
  await using api = await scripted({
    answer({ socket }) {
      if (api.asked.length === 1) socket.write(okAnswer)
      else socket.end('H')
    },
  })
  await ask(api.upstream)
  await assert.rejects(ask(api.upstream), { kind: 'refused' })
  assert.equal(api.asked.length, 2)
})

test('the first request of a connection is not sent again', async () => {
  await using api = await scripted({ answer: ({ socket }) => socket.destroy() })
  await assert.rejects(ask(api.upstream), { kind: 'refused' })
  assert.equal(api.asked.length, 1)
})

test('a connection to what has switched protocols is the caller’s, with its first bytes', async () => {
  await using api = await scripted()
  const answered = api.upstream.send(get('/', { upgrade: 'websocket' }), never)
  const { socket } = await api.next()
  socket.write('HTTP/1.1 101 -\r\nUpgrade: websocket\r\n\r\nfirst')
  const answer = await answered
  assert.equal(answer.status, 101)
  assert.ok(answer.socket)
  answer.socket.resume()
  assert.equal(String((await once(answer.socket, 'data'))[0]), 'first')
  const second = ask(api.upstream)
  const next = await api.next()
  next.socket.write(okAnswer)
  await second
  assert.equal(next.connection, 1)
  answer.socket.destroy()
})

test('101 to who asked for no upgrade is no answer', async () => {
  await using api = await scripted({ answer: ({ socket }) => socket.write('HTTP/1.1 101 -\r\nUpgrade: x\r\n\r\n') })
  await assert.rejects(ask(api.upstream), { kind: 'refused' })
})

test('hints are given as they come, other announcements are not', async () => {
  const hints: (readonly string[])[] = []
  const announced = 'HTTP/1.1 100 -\r\n\r\nHTTP/1.1 103 -\r\nLink: a\r\n\r\nHTTP/1.1 103 -\r\nLink: b\r\n\r\n'
  await using api = await scripted({ answer: ({ socket }) => socket.write(announced + okAnswer) })
  const answer = await api.upstream.send(get(), never, (fields) => hints.push(fields))
  assert.deepEqual(hints, [
    ['Link', 'a'],
    ['Link', 'b'],
  ])
  assert.equal(await bodyOf(answer), 'ok')
})
