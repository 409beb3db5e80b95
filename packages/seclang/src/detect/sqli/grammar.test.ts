import assert from 'node:assert/strict'
import test from 'node:test'
import { shapeOf } from './fingerprint.ts'
import { isInjection } from './grammar.ts'
import { readings } from './token.ts'

const isShapeBad = (value: string): boolean => isInjection(shapeOf(value, readings.plainAnsi))

test('a clause is held against a value only with the right keyword', () => {
  assert.ok(isShapeBad('5 where 6=6 and 7=7'))
  assert.ok(!isShapeBad('5 to 6 and 7'))
  assert.ok(isShapeBad('5 order by 6'))
  assert.ok(!isShapeBad('5 limit 6'))
  assert.ok(isShapeBad("5 waitfor delay '0:0:5'"))
  assert.ok(!isShapeBad("5 set 'a'"))
})

test('a whole query breaks out of nothing; one in parentheses is a value made by an attacker', () => {
  assert.ok(!isShapeBad('select * from charges'))
  assert.ok(isShapeBad('(select * from charges)'))
})

test('names and arithmetic of any length are no injection', () => {
  for (const value of ['a', 'a b c d e', '1 2 3', 'a + 1', 'a.b, c']) assert.ok(!isShapeBad(value), value)
})

test('an empty open back-tick at the end hides the rest of the query, as a comment would', () => {
  const shape = shapeOf('foo" and 1=1 `', readings.doubleMysql)
  assert.equal(shape.fingerprint, 's&1c')
})
