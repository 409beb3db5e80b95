/** Whom money goes to or comes from: list, create, get, remove. An account number is shown by its last digits alone. */
import { type Collection, collection, newId, type Page } from './collection.ts'
import { onlyKnown, optionalText, patterned, text } from './fields.ts'

interface Counterparty {
  readonly id: string
  readonly object: 'counterparty'
  readonly name: string
  readonly email: string | null
  readonly country: string
  readonly account_number_last4: string
  readonly created_at: string
}

export interface Counterparties {
  readonly list: (size: number, afterCursor: string | null) => Page<Counterparty>
  readonly create: (fields: Readonly<Record<string, unknown>>) => Counterparty
  readonly get: (id: string) => Counterparty
  readonly remove: (id: string) => void
}

const nameLengthMax = 200
const emailLengthMax = 254
const shownDigits = 4

export function counterparties(): Counterparties {
  const all: Collection<Counterparty> = collection()
  return {
    list: all.page,
    get: all.get,
    remove: all.remove,
    create(fields) {
      onlyKnown(fields, ['name', 'email', 'country', 'account_number'])
      const number = patterned(fields, 'account_number', /^[A-Z0-9]{4,34}$/, '4 to 34 capital letters and digits')
      return all.add({
        id: newId('cp'),
        object: 'counterparty',
        name: text(fields, 'name', nameLengthMax),
        email: optionalText(fields, 'email', emailLengthMax),
        country: patterned(fields, 'country', /^[A-Z]{2}$/, 'two capital letters (ISO 3166)'),
        account_number_last4: number.slice(-shownDigits),
        created_at: new Date().toISOString(),
      })
    },
  }
}
