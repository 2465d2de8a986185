/** The name with the highest probability, the first of equals. There must be one. */
export function likeliest<K extends string>(
  probabilities: Readonly<Record<K, number>>,
): [name: K, probability: number] {
  const entries = Object.entries<number>(probabilities) as [K, number][];
  return entries.reduce((best, entry) => (entry[1] > best[1] ? entry : best));
}
