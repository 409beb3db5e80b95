/** A table that keeps seven bits of each byte and sets the eighth so that the count of ones is even (`rest` 0) or odd (1). */
export function parityTable(rest: 0 | 1): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => {
    let ones = 0
    for (let bits = code & 0x7f; bits !== 0; bits &= bits - 1) ones++
    return (code & 0x7f) | (ones % 2 === rest ? 0 : 0x80)
  })
}
