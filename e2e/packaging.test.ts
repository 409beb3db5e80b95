import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { bin, checkout, start, temporaryFolder } from './program.ts'

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

test('systemd understands every line of the unit', (t) => {
  const unit = join(temporaryFolder(), 'sallyport.service')
  writeFileSync(unit, read('sallyport.service').replaceAll('/opt/sallyport', checkout))
  const { error, status, stderr } = spawnSync('systemd-analyze', ['verify', '--recursive-errors=no', unit], {
    encoding: 'utf8',
  })
  if (error !== undefined) return t.diagnostic('not shown here: systemd-analyze is not installed')
  assert.deepEqual([status, stderr], [0, ''])
})

/** What the image is made of. */
function copies(): readonly { readonly files: readonly string[]; readonly to: string }[] {
  return [...read('Dockerfile').matchAll(/^COPY (.*) (\S+)$/gm)].map(([, files = '', to = '']) => ({
    files: files.split(' '),
    to,
  }))
}

test('the image is made of files that the checkout has, of all manifests, and runs the program', () => {
  const text = read('Dockerfile')
  const copied = copies().flatMap(({ files }) => files)
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

test('the files of the image run by themselves, with no package for development and no other file of the checkout', async () => {
  const image = temporaryFolder()
  for (const { files, to } of copies()) {
    for (const file of files) {
      const target = to.endsWith('/') ? join(image, to, basename(file)) : join(image, to)
      cpSync(join(checkout, file), target, { recursive: true })
    }
  }
  installWithoutDevelopment(image)
  const file = join(image, 'sallyport.yaml')
  writeFileSync(
    file,
    `version: 1
listeners: [{ name: public, listen: 127.0.0.1:0 }]
upstreams: { api: { url: http://127.0.0.1:1 } }
routes: [{ upstream: api }]
`,
  )
  await using program = start([join(image, 'packages/sallyport/bin/sallyport.js'), 'edge', '--config', file])
  await program.line(/^ready public https:/)
  program.process.kill('SIGTERM')
  assert.equal(await program.exit, 0)
})

/** What `npm ci --omit=dev` would put there: links to what it has put into the checkout. */
function installWithoutDevelopment(image: string): void {
  const { packages } = JSON.parse(readFileSync(join(image, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, { dev?: boolean; link?: boolean; resolved?: string }>>
  }
  for (const [place, { dev, link, resolved = '' }] of Object.entries(packages)) {
    const there = link === true ? join(image, resolved) : join(checkout, place)
    // What lies inside of another package comes with it; of platforms there is one.
    if (dev === true || !/^node_modules\/(@[^/]+\/)?[^/]+$/.test(place) || !existsSync(there)) continue
    mkdirSync(join(image, place, '..'), { recursive: true })
    symlinkSync(there, join(image, place))
  }
}
