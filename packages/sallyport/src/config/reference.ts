/** The reference page, docs/configuration.md, from the schema: what the page says of a key is what the schema says. */
import { configJsonSchema, type JsonSchema, withoutNull } from './json-schema.ts'
import { later } from './later.ts'

/** A file with which the edge starts; a test reads it. */
export const example = `version: 1
data: ./data
admin: { listen: 127.0.0.1:9901 }
log: { decisions: ./decisions.ndjson }
certificates:
  - { hosts: [api.example.test], cert: tls/api.pem, key: tls/api.key }
listeners:
  - { name: public, listen: 127.0.0.1:8443 }
  - { name: plain, listen: 127.0.0.1:8080, tls: false, trustedProxies: [127.0.0.1/32] }
upstreams:
  api: { url: http://127.0.0.1:3000, connect: 2s, answer: 30s }
routes:
  - match: { hosts: [api.example.test], path: /files/ }
    upstream: api
    body: { inspectMax: 8MiB }
  - match: { path: / }
    upstream: api
rules:
  - use: core
    exclude: [{ rules: [100100], target: "ARGS:memo", path: /api/notes, why: free text }]
bounds: { headerBytesMax: 64KiB, connectionsPerAddressMax: 100 }
`

const opening = `# Configuration

The edge is configured by one file: \`sallyport edge --config sallyport.yaml\`. \`sallyport check --config FILE\` says whether
it is sound, and what deserves a look; every fault comes with file, line and column. \`sallyport config print --effective\`
shows what holds, defaults included. \`sallyport config schema\` prints the JSON Schema, which is also
[sallyport.schema.json](sallyport.schema.json): an editor that reads YAML by a schema completes and checks while you write.

This page is made from the schema: \`sallyport config reference\`.

\`\`\`yaml
${example}\`\`\`

How values are written:

- A **size** is a whole number and \`B\`, \`KiB\`, \`MiB\` or \`GiB\`; a **time** one and \`ms\`, \`s\`, \`m\`, \`h\` or \`d\`. A number alone is refused.
- A **path** is relative to the file that it stands in.
- A **host name** has no port; letters are compared without case.
- A key that is not known is refused. So is one that stands twice, and whatever YAML could surprise with: tags, merge keys, directives, a second document.
`

/** Markdown. */
export function referencePage(): string {
  const sections = [...sectionsOf('', configJsonSchema())]
  return [opening, ...sections, notYet()].join('\n')
}

/** A mapping's table, then those of the mappings inside of it. */
function* sectionsOf(path: string, node: JsonSchema): Generator<string> {
  const { properties = {}, required = [], description } = node
  const rows = Object.entries(properties).map(([key, inner]) => [
    code(key),
    writtenAs(inner),
    required.includes(key) ? '**required**' : presetOf(inner),
    inner.description ?? '',
  ])
  const title = path === '' ? 'The whole file' : code(path)
  const says = path === '' || description === undefined ? '' : `${description}\n\n`
  yield `## ${title}\n\n${says}${table(['key', 'written as', 'default', 'meaning'], ...rows)}`
  for (const [key, inner] of Object.entries(properties)) {
    const below = mappingIn(inner)
    if (below === null) continue
    const here = path === '' ? key : `${path}.${key}`
    yield* sectionsOf(`${here}${below.step}`, { description: inner.description ?? '', ...below.node })
  }
}

/** The mapping that a key holds: itself, each item of a list, or under each name. */
function mappingIn(schema: JsonSchema): { readonly step: string; readonly node: JsonSchema } | null {
  const node = withoutNull(schema)
  const named = node.additionalProperties === false ? undefined : node.additionalProperties
  const inner = node.items ?? named ?? node
  if (inner.properties === undefined) return null
  return { step: node.items !== undefined ? '[]' : named !== undefined ? '.NAME' : '', node: inner }
}

function writtenAs(schema: JsonSchema): string {
  const node = withoutNull(schema)
  if (node.items !== undefined) return `list: ${writtenAs(node.items)}`
  if (node.format !== undefined) return node.format
  if (node.const !== undefined) return code(JSON.stringify(node.const))
  if (node.enum !== undefined) return node.enum.map((word) => code(String(word))).join(' or ')
  const type = Array.isArray(node.type) ? node.type[0] : node.type
  return typeNames[String(type)] ?? String(type)
}

const typeNames: Readonly<Record<string, string>> = {
  object: 'mapping',
  boolean: '`true` or `false`',
  integer: 'whole number',
}

function presetOf({ default: preset }: JsonSchema): string {
  if (preset === null || preset === undefined) return 'none'
  if (typeof preset === 'object' && Object.keys(preset).length === 0)
    return Array.isArray(preset) ? 'empty' : 'see below'
  return code(typeof preset === 'object' ? flow(preset) : String(preset))
}

/** YAML on one line. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const pairs = Object.entries(value).map(([key, inner]) => `${key}: ${flow(inner)}`)
  return `{ ${pairs.join(', ')} }`
}

function notYet(): string {
  const rows = later.map(({ key, value, meanwhile }) => [
    code(value === undefined ? key : `${key}: ${value}`),
    meanwhile,
  ])
  return `## Not in this version\n\nThese are refused, never ignored.\n\n${table(['key', 'meanwhile'], ...rows)}`
}

/** Padded, as the formatter of this repository would do it. */
function table(...rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |\n`
  const [head, ...body] = rows.map(line)
  return [head, line(widths.map((width) => '-'.repeat(width))), ...body].join('')
}

function code(text: string): string {
  return `\`${text}\``
}
