/** Double-entry bookings: list, create, get, post. Debits and credits are equal, and what is posted never changes. */
import { type Collection, collection, newId, type Page } from './collection.ts'
import { invalid, minorUnits, objects, oneOf, onlyKnown, optionalText, text } from './fields.ts'
import { ApiError } from './json.ts'

interface LedgerEntry {
  readonly ledger_account_id: string
  readonly direction: 'credit' | 'debit'
  readonly amount: number
}

interface LedgerTransaction {
  readonly id: string
  readonly object: 'ledger_transaction'
  readonly status: 'pending' | 'posted' | 'archived'
  readonly description: string | null
  readonly entries: readonly LedgerEntry[]
  readonly created_at: string
}

export interface LedgerTransactions {
  readonly list: (size: number, afterCursor: string | null) => Page<LedgerTransaction>
  readonly create: (fields: Readonly<Record<string, unknown>>) => LedgerTransaction
  readonly get: (id: string) => LedgerTransaction
  /** Posts or archives what is pending; 409 once it is either. */
  readonly update: (id: string, fields: Readonly<Record<string, unknown>>) => LedgerTransaction
}

const idLengthMax = 64
const descriptionLengthMax = 500
const entriesMax = 100

export function ledgerTransactions(): LedgerTransactions {
  const all: Collection<LedgerTransaction> = collection()
  return {
    list: all.page,
    get: all.get,
    create(fields) {
      onlyKnown(fields, ['description', 'entries'])
      return all.add({
        id: newId('lt'),
        object: 'ledger_transaction',
        status: 'pending',
        description: optionalText(fields, 'description', descriptionLengthMax),
        entries: balanced(objects(fields, 'entries', entriesMax).map(entryOf)),
        created_at: new Date().toISOString(),
      })
    },
    update(id, fields) {
      onlyKnown(fields, ['status'])
      const status = oneOf(fields, 'status', ['posted', 'archived'])
      const before = all.get(id)
      if (before.status !== 'pending') throw new ApiError(409, 'conflict', `it is ${before.status} already`, 'status')
      return all.replace({ ...before, status })
    },
  }
}

function entryOf(fields: Readonly<Record<string, unknown>>): LedgerEntry {
  onlyKnown(fields, ['ledger_account_id', 'direction', 'amount'])
  return {
    ledger_account_id: text(fields, 'ledger_account_id', idLengthMax),
    direction: oneOf(fields, 'direction', ['credit', 'debit']),
    amount: minorUnits(fields, 'amount'),
  }
}

/** In BigInt: a hundred amounts, each of which a number can hold, may sum to one that it cannot. */
function balanced(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const sum = entries.reduce(
    (total, { direction, amount }) => total + BigInt(direction === 'debit' ? amount : -amount),
    0n,
  )
  if (entries.length < 2 || sum !== 0n)
    throw invalid('entries', 'must be two or more whose debits and credits are equal')
  return entries
}
