/** Lines of a stream of bytes, of bounded length, in batches: one for each chunk that completes any, so that whoever writes
 *  a line and waits for its answer is not kept waiting. */

/** A line without its end; null for one over the bound, whose bytes are not kept. */
export type Line = Buffer | null

const lineFeed = 0x0a

export async function* lineBatches(input: AsyncIterable<Buffer>, bytesMax: number): AsyncGenerator<readonly Line[]> {
  let begun: Buffer[] = []
  let begunBytes = 0
  const add = (part: Buffer): void => {
    begunBytes += part.length
    if (begunBytes <= bytesMax) begun.push(part)
    else begun = []
  }
  const take = (): Line => {
    const line = begunBytes > bytesMax ? null : Buffer.concat(begun)
    begun = []
    begunBytes = 0
    return line
  }
  for await (const chunk of input) {
    const lines: Line[] = []
    let from = 0
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, from)) {
      add(chunk.subarray(from, end))
      lines.push(take())
      from = end + 1
    }
    add(chunk.subarray(from))
    if (lines.length > 0) yield lines
  }
  if (begunBytes > 0) yield [take()]
}
