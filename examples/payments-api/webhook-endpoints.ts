/** Where the API would send its events: list, create, remove. The secret is shown once, at creation. */
import { randomBytes } from 'node:crypto'
import { type Collection, collection, newId, type Page } from './collection.ts'
import { httpsUrl, onlyKnown, optionalText } from './fields.ts'

interface WebhookEndpoint {
  readonly id: string
  readonly object: 'webhook_endpoint'
  readonly url: string
  readonly description: string | null
  readonly created_at: string
}

export interface WebhookEndpoints {
  readonly list: (size: number, afterCursor: string | null) => Page<WebhookEndpoint>
  readonly create: (fields: Readonly<Record<string, unknown>>) => WebhookEndpoint & { readonly secret: string }
  readonly get: (id: string) => WebhookEndpoint
  readonly remove: (id: string) => void
}

const urlLengthMax = 2_000
const descriptionLengthMax = 500
const secretBytes = 24

export function webhookEndpoints(): WebhookEndpoints {
  const endpoints: Collection<WebhookEndpoint> = collection()
  return {
    list: endpoints.page,
    get: endpoints.get,
    remove: endpoints.remove,
    create(fields) {
      onlyKnown(fields, ['url', 'description'])
      const endpoint = endpoints.add({
        id: newId('we'),
        object: 'webhook_endpoint',
        url: httpsUrl(fields, 'url', urlLengthMax),
        description: optionalText(fields, 'description', descriptionLengthMax),
        created_at: new Date().toISOString(),
      })
      return { ...endpoint, secret: `whsec_${randomBytes(secretBytes).toString('base64')}` }
    },
  }
}
