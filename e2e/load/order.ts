/** What a load generator is told to do. */

export interface Order {
  readonly kind: 'handshakes' | 'requests'
  /** `https://…` or `http://…`, asked in turn. */
  readonly urls: readonly string[]
  /** PEM: of whom the certificates are. */
  readonly ca: string
  readonly perSecond: number
  readonly seconds: number
}

/** Begins one; resolves when it is done, whatever came of it. */
export type Begin = (index: number) => Promise<void>
