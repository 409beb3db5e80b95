/** Refuses a connection of an address that has too many open. Decides `overload` without a status: it is closed before a byte is read, which is
 *  what makes it cheap. Proxies that the listener trusts are not counted: their connections are everybody's.
 *  Reads: snapshot.bounds. */
import { decide, proceed } from '../decision.ts'
import type { AcceptStage } from '../stage.ts'

export const accept: AcceptStage = ({ peer, trusted, open }, snapshot) => {
  if (peer === null || trusted || open < snapshot.bounds.connectionsPerAddressMax) return proceed
  return decide('overload', null)
}
