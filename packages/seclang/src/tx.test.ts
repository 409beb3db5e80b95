import assert from 'node:assert/strict'
import { test } from 'node:test'
import { txNamesMax } from './bounds.ts'
import { planTxLayout } from './compile/context.ts'
import { added, TxVariables, toNumber } from './tx.ts'

function variables(): TxVariables {
  const plan = planTxLayout()
  plan.slotOf('spelt')
  return new TxVariables(plan.build(new Map([['level', 1]])))
}

test('names with a slot and names made at run time read the same', () => {
  const tx = variables()
  for (const name of ['spelt', 'made', '__proto__', 'constructor']) {
    assert.equal(tx.get(name), undefined)
    tx.set(name, 'v')
    assert.equal(tx.get(name), 'v')
    tx.set(name, undefined)
    assert.equal(tx.get(name), undefined)
  }
})

test('a transaction begins with what is the same for all, and changes nothing of it', () => {
  const plan = planTxLayout()
  const layout = plan.build(new Map([['level', 1]]))
  new TxVariables(layout).set('level', 2)
  assert.equal(new TxVariables(layout).get('level'), 1)
})

test('all that is set comes in the order of the names, whether or not they have slots', () => {
  const tx = variables()
  for (const name of ['z', 'spelt', 'b', 'a']) tx.set(name, name.length)
  tx.capture(['whole', 'first'])
  assert.deepEqual(tx.entries(), [
    ['0', 'whole'],
    ['1', 'first'],
    ['a', '1'],
    ['b', '1'],
    ['level', '1'],
    ['spelt', '5'],
    ['z', '1'],
  ])
})

test('a capture clears what the one before left', () => {
  const tx = variables()
  tx.capture(['a', 'b', 'c'])
  tx.capture(['d'])
  assert.deepEqual([tx.get('0'), tx.get('1'), tx.get('2')], ['d', undefined, undefined])
})

test('over the bound no name is made, while known ones still change', () => {
  const tx = variables()
  for (let name = 0; name <= txNamesMax; name++) tx.set(`n${name}`, 1)
  tx.set('n0', 2)
  tx.set('spelt', 3)
  assert.deepEqual(
    [tx.get('n0'), tx.get(`n${txNamesMax - 1}`), tx.get(`n${txNamesMax}`), tx.get('spelt')],
    [2, 1, undefined, 3],
  )
  tx.set('n1', undefined)
  tx.set('other', 1)
  assert.equal(tx.get('other'), 1)
})

test('numbers are read as atoi reads bytes, and sums stay exact', () => {
  const rows: readonly (readonly [string | number | undefined, number])[] = [
    [undefined, 0],
    ['', 0],
    ['12abc', 12],
    [' \t-3', -3],
    ['+4', 4],
    ['\xa05', 0],
    ['0x10', 0],
    ['9'.repeat(400), Number.MAX_SAFE_INTEGER],
    [7, 7],
  ]
  for (const [text, number] of rows) assert.equal(toNumber(text), number, JSON.stringify(text))
  assert.equal(added(Number.MAX_SAFE_INTEGER, 5), Number.MAX_SAFE_INTEGER)
  assert.equal(added(Number.MIN_SAFE_INTEGER, -5), Number.MIN_SAFE_INTEGER)
})
