import assert from 'node:assert/strict'
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../certificates-under-test.ts'
import { readFileOrNull, replaceFile } from './files.ts'

test('a file is replaced whole, for its owner alone, and nothing is left beside it', async () => {
  const folder = join(await temporaryFolder(), 'new')
  const file = join(folder, 'x')
  await replaceFile(file, 'one')
  await chmod(file, 0o644)
  await replaceFile(file, 'two')
  assert.equal(await readFile(file, 'utf8'), 'two')
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  assert.equal((await stat(folder)).mode & 0o777, 0o700)
  assert.deepEqual(await readdir(folder), ['x'])
})

test('a file that cannot be replaced stays, and nothing is left beside it', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'x'))
  await writeFile(join(folder, 'x', 'inside'), '')
  await assert.rejects(replaceFile(join(folder, 'x'), 'text'))
  assert.deepEqual(await readdir(folder), ['x'])
})

test('a file that is missing is null, and any other trouble is told', async () => {
  const folder = await temporaryFolder()
  assert.equal(await readFileOrNull(join(folder, 'none')), null)
  await assert.rejects(readFileOrNull(folder), { code: 'EISDIR' })
})
