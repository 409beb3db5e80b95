import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RuleSet } from '@sallyport/seclang'
import { answerTo } from './inspect-answer.ts'
import { createFront } from './inspect-raw.ts'

test('an engine that fails on a request is an error of its line', async () => {
  const ruleSet: RuleSet = {
    begin() {
      throw new Error('broken')
    },
    describe: () => null,
  }
  const raw = Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  assert.deepEqual(await answerTo({ id: 'a1', raw }, [{ name: 'test', ruleSet }], createFront()), {
    id: 'a1',
    error: 'the engine failed: broken',
  })
})
