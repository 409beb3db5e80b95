import assert from 'node:assert/strict'
import { accessSync, constants, existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { bin, checkout, start } from './program.ts'

const read = (name: string): string => readFileSync(join(checkout, 'packaging', name), 'utf8')

/** What a service of systemd runs, word by word. */
const commands = [...read('sallyport.service').matchAll(/^Exec\w+=(\/opt\/sallyport\/.*)$/gm)].map(([, line = '']) =>
  line.split(' '),
)

test('the unit runs commands that the program has, at the place where a checkout has them', async () => {
  assert.equal(commands.length, 3)
  for (const [file = '', ...words] of commands) {
    assert.equal(join(checkout, file.replace('/opt/sallyport/', '')), bin)
    await using program = start([bin, ...words])
    assert.equal(await program.exit, 2)
    assert.match(program.err.join('\n'), /^\/etc\/sallyport\/sallyport\.yaml:1:1: .* is not there/)
  }
  accessSync(bin, constants.X_OK)
})

test('the image is made of files that the checkout has, of all manifests, and runs the program', () => {
  const text = read('Dockerfile')
  const copied = [...text.matchAll(/^COPY (.*) \S+$/gm)].flatMap(([, files = '']) => files.split(' '))
  assert.deepEqual(
    copied.filter((file) => !existsSync(join(checkout, file))),
    [],
  )
  const manifests = globSync('{packages,examples}/*/package.json', { cwd: checkout })
  assert.deepEqual(
    manifests.filter((file) => !copied.includes(file)),
    [],
  )
  assert.match(text, /^ENTRYPOINT \["\/opt\/sallyport\/packages\/sallyport\/bin\/sallyport\.js"\]$/m)
})
