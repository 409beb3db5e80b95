/** Theil–Sen: the median of the slopes between all pairs, which a few odd samples do not move. */
export function slope(samples: readonly (readonly [x: number, y: number])[]): number {
  const slopes = samples.flatMap(([x, y], index) =>
    samples.slice(index + 1).map(([otherX, otherY]) => (otherY - y) / (otherX - x)),
  )
  slopes.sort((a, b) => a - b)
  return slopes[Math.floor(slopes.length / 2)] ?? 0
}
