/** Payment orders: list, create, get, cancel. Amounts are whole minor units. */
import { type Collection, collection, newId, type Page } from './collection.ts'
import { minorUnits, oneOf, onlyKnown, optionalText, text } from './fields.ts'

interface PaymentOrder {
  readonly id: string
  readonly object: 'payment_order'
  readonly status: 'pending' | 'cancelled'
  readonly type: 'ach' | 'wire' | 'sepa'
  readonly direction: 'credit' | 'debit'
  readonly amount: number
  readonly currency: string
  readonly originating_account_id: string
  readonly receiving_account_id: string
  readonly description: string | null
  readonly created_at: string
}

export interface PaymentOrders {
  readonly list: (size: number, afterCursor: string | null) => Page<PaymentOrder>
  readonly create: (fields: Readonly<Record<string, unknown>>) => PaymentOrder
  readonly get: (id: string) => PaymentOrder
  /** Cancelling twice is once; both answer with the cancelled order. */
  readonly cancel: (id: string) => PaymentOrder
}

const idLengthMax = 64
const descriptionLengthMax = 500
const parameters = [
  'type',
  'direction',
  'amount',
  'currency',
  'originating_account_id',
  'receiving_account_id',
  'description',
]

export function paymentOrders(): PaymentOrders {
  const orders: Collection<PaymentOrder> = collection()
  return {
    list: orders.page,
    get: orders.get,
    create: (fields) => orders.add(orderOf(fields)),
    cancel: (id) => orders.replace({ ...orders.get(id), status: 'cancelled' }),
  }
}

function orderOf(fields: Readonly<Record<string, unknown>>): PaymentOrder {
  onlyKnown(fields, parameters)
  return {
    id: newId('po'),
    object: 'payment_order',
    status: 'pending',
    type: oneOf(fields, 'type', ['ach', 'wire', 'sepa']),
    direction: oneOf(fields, 'direction', ['credit', 'debit']),
    amount: minorUnits(fields, 'amount'),
    currency: oneOf(fields, 'currency', ['USD', 'EUR', 'GBP']),
    originating_account_id: text(fields, 'originating_account_id', idLengthMax),
    receiving_account_id: text(fields, 'receiving_account_id', idLengthMax),
    description: optionalText(fields, 'description', descriptionLengthMax),
    created_at: new Date().toISOString(),
  }
}
