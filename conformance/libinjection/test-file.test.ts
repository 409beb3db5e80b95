import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readTestFile } from './test-file.ts'

test('the three sections are read, and white space at the end of input and expectation is cut', () => {
  const file = '--TEST--\na title\n--INPUT--\n  first line\nsecond \t\n\n--EXPECTED--\nn x\n1 2\n\n\n'
  assert.deepEqual(readTestFile(file, 'f'), { title: 'a title', input: '  first line\nsecond', expected: 'n x\n1 2' })
})

test('empty sections are empty texts, with or without an end of line', () => {
  const empty = { title: '', input: '', expected: '' }
  assert.deepEqual(readTestFile('--TEST--\n--INPUT--\n--EXPECTED--\n', 'f'), empty)
  assert.deepEqual(readTestFile('--TEST--\n--INPUT--\n--EXPECTED--', 'f'), empty)
})

test('an input may hold the name of a section that is not due', () => {
  assert.equal(readTestFile('--TEST--\n--INPUT--\n--TEST--\n--EXPECTED--\n', 'f').input, '--TEST--')
})

test('a missing section is refused with the name of the file', () => {
  for (const text of ['', 'nothing', '--TEST--\n--INPUT--\n', '--INPUT--\n--TEST--\n--EXPECTED--\n']) {
    assert.throws(() => readTestFile(text, 'odd.txt'), /odd\.txt/)
  }
})
