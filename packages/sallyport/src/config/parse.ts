/** From the text of a `sallyport.yaml` to a configuration. Touches no file: what it names is looked at in `load.ts`. */
import { dirname } from 'node:path'
import { certificateComplaints } from './check-certificates.ts'
import { listenerComplaints } from './check-listeners.ts'
import { routeComplaints } from './check-routes.ts'
import { ruleComplaints } from './check-rules.ts'
import { boundsComplaints, upstreamComplaints } from './check-upstreams.ts'
import type { Check, Complaint } from './complaint.ts'
import type { Config } from './config.ts'
import { ConfigError, type Fault, inOrder } from './fault.ts'
import { configJsonSchema, keysAt } from './json-schema.ts'
import { find, offsetOf } from './located.ts'
import { configSchema } from './schema.ts'
import { complaintsOf, type KnownKeys, untold } from './sentences.ts'
import { readYaml, type YamlFile } from './yaml.ts'

/** What the file is read for. `inspect` needs rules alone: no listener, no upstream. */
export type Purpose = 'edge' | 'inspect'

export interface Parsed {
  readonly config: Config
  /** Works, but deserves a look. In order of place. */
  readonly warnings: readonly Fault[]
  /** A fault at a key or value of this file, for who finds one later. */
  readonly fault: (complaint: Complaint) => Fault
}

const checks: readonly Check[] = [
  certificateComplaints,
  listenerComplaints,
  upstreamComplaints,
  routeComplaints,
  ruleComplaints,
  boundsComplaints,
]

/** Throws `ConfigError` with all faults, and nothing else, whatever the text. `file` is what messages call it, and where
 *  relative paths begin. */
export function parseConfig(text: string, file: string, purpose: Purpose = 'edge'): Parsed {
  const yaml = readYaml(text, file)
  const { root } = yaml
  const fault = (complaint: Complaint): Fault => faultAt(yaml, complaint)
  const schema = configSchema(dirname(file))
  const read = schema.safeParse(root.value, { error: () => untold })
  if (!read.success) {
    const published = configJsonSchema()
    const known: KnownKeys = (path) => keysAt(published, path)
    const complaints = read.error.issues.flatMap((issue) => complaintsOf(issue, root, known))
    throw new ConfigError(complaints.map(fault))
  }
  const config = read.data
  const found = checks.map((check) => check(config, (path) => find(root, path) !== null))
  const errors = found.flatMap(({ errors }) => errors)
  if (purpose === 'edge' && config.listeners.length === 0) errors.push(noListener)
  if (errors.length > 0) throw new ConfigError(errors.map(fault))
  return { config, warnings: inOrder(found.flatMap(({ warnings }) => warnings).map(fault)), fault }
}

const noListener: Complaint = {
  path: ['listeners'],
  aim: 'key',
  message: 'no listener: add listeners: [{ name: public, listen: 127.0.0.1:8443 }]',
}

function faultAt({ root, fault }: YamlFile, { path, aim = 'value', message }: Complaint): Fault {
  const value = find(root, path)?.value
  const word = aim === 'key' || typeof value === 'object' ? path.at(-1) : value
  return fault(offsetOf(root, path, aim), String(word ?? ''), message)
}
