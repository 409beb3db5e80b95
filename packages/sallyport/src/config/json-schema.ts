/** The schema as editors and other programs want it: JSON Schema, draft 2020-12. */
import { z } from 'zod'
import type { Path } from './located.ts'
import { configSchema } from './schema.ts'

/** What may be written, before defaults. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly description?: string
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly items?: JsonSchema
  readonly additionalProperties?: JsonSchema | false
  readonly anyOf?: readonly JsonSchema[]
}

/** Made anew at each call: it belongs to the caller. */
export function configJsonSchema(): JsonSchema {
  return {
    ...(z.toJSONSchema(configSchema('.'), { io: 'input' }) as JsonSchema),
    ...{ title: 'sallyport.yaml', description: 'Configuration of the Sallyport edge.' },
  }
}

/** What may be left out is `anyOf: [it, null]` or `type: [it, null]`: this is it. */
export function withoutNull(node: JsonSchema): JsonSchema {
  const { anyOf, ...rest } = node
  return anyOf === undefined ? node : { ...anyOf[0], ...rest }
}

/** The keys that a mapping may have, by its path in a file. */
export function keysAt(schema: JsonSchema, path: Path): readonly string[] {
  let node: JsonSchema | false | undefined = schema
  for (const step of path) {
    if (node === undefined || node === false) return []
    const open: JsonSchema = withoutNull(node)
    node = typeof step === 'number' ? open.items : (open.properties?.[step] ?? open.additionalProperties)
  }
  return node === undefined || node === false ? [] : Object.keys(withoutNull(node).properties ?? {})
}
