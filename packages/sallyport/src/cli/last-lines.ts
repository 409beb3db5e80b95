/** Lines of a file from its end to its beginning: what people ask about happened lately, and logs are long.
 *  Memory is bounded by one block and one line, whatever the file holds. */
import type { FileHandle } from 'node:fs/promises'

/** How much is read at once, and how long a line may be to be given out. */
export interface LineBounds {
  readonly blockBytes: number
  readonly lineBytesMax: number
}

const lineFeed = 0x0a

/** Lines without their ends, last first; one over the bound is passed over, and so are empty ones. What is written to the file
 *  meanwhile is not seen. */
export async function* linesFromEnd(
  file: FileHandle,
  { blockBytes, lineBytesMax }: LineBounds,
): AsyncGenerator<Buffer> {
  /** The line whose beginning is not reached yet, its parts last first. */
  const open = openLine(lineBytesMax)
  for (let end = (await file.stat()).size; end > 0; ) {
    const start = Math.max(0, end - blockBytes)
    const block = await readWhole(file, start, end)
    let lineEnd = block.length
    for (let at = before(block, lineEnd); at !== -1; at = before(block, lineEnd)) {
      open.prepend(block.subarray(at + 1, lineEnd))
      const line = open.take()
      if (line !== null) yield line
      lineEnd = at
    }
    open.prepend(block.subarray(0, lineEnd))
    end = start
  }
  const first = open.take()
  if (first !== null) yield first
}

/** The last line feed before `end`; -1: none. */
function before(block: Buffer, end: number): number {
  return end === 0 ? -1 : block.lastIndexOf(lineFeed, end - 1)
}

/** Fewer bytes than asked for where the file has been cut meanwhile. */
async function readWhole(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const block = Buffer.allocUnsafe(end - start)
  let filled = 0
  while (filled < block.length) {
    const { bytesRead } = await file.read(block, filled, block.length - filled, start + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return block.subarray(0, filled)
}

interface OpenLine {
  readonly prepend: (part: Buffer) => void
  /** The line, if there is one to give out; the next begins empty. */
  readonly take: () => Buffer | null
}

function openLine(bytesMax: number): OpenLine {
  let parts: Buffer[] = []
  let bytes = 0
  return {
    prepend(part) {
      bytes += part.length
      if (bytes > bytesMax) parts = []
      else if (part.length > 0) parts.unshift(part)
    },
    take() {
      const line = bytes === 0 || bytes > bytesMax ? null : Buffer.concat(parts)
      parts = []
      bytes = 0
      return line
    },
  }
}
