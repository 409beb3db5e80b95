import { addressWords, parseAddress } from './addresses/parse.ts'
import type { Operator } from './operator.ts'

/** `@geoLookup`: true if the host program's database knows the address in the value. Captures 0: its `COUNTRY_CODE`
 *  (ModSecurity captures nothing and fills GEO, which is the caller's part here). Without a database it warns when the
 *  rule is compiled and never matches. Source: ModSecurity reference, "geoLookup" and "GEO". */
export const geoLookup: Operator = {
  name: 'geoLookup',
  compile: (_argument, { geo, warn }) => {
    if (geo === null) {
      warn('@geoLookup never matches: there is no database of countries')
      return () => false
    }
    const words = new Uint32Array(addressWords)
    return (value, captures) => {
      // The database need not cope with what is no address.
      const place = parseAddress(value, words) === 0 ? null : geo(value)
      if (place === null) return false
      const { COUNTRY_CODE: country = '' } = place
      if (captures !== null) {
        captures.length = 0
        captures.push(country)
      }
      return true
    }
  },
}
