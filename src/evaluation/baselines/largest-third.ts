/** Mean of the largest third of a frame's blocks: the face moves in few of them. */
export function meanOfLargestThird(blocks: ArrayLike<number>): number {
  const count = Math.round(blocks.length / 3);
  const largest = Float64Array.from(blocks).sort().slice(-count);
  return largest.reduce((sum, value) => sum + value, 0) / count;
}
