/** The name with the highest probability, the first of equals. There must be one. */
export function likeliest<K extends string>(
  probabilities: Readonly<Record<K, number>>,
): [name: K, probability: number] {
  const entries = Object.entries<number>(probabilities) as [K, number][];
  return entries.reduce((best, entry) => (entry[1] > best[1] ? entry : best));
}

/** From here on something is likelier than not. */
export const LIKELY = 0.5;

/** Those that are likelier than not, the likeliest first. */
export function likely(
  probabilities: Readonly<Record<string, number>>,
): (readonly [name: string, probability: number])[] {
  return Object.entries(probabilities)
    .filter(([, probability]) => probability >= LIKELY)
    .sort(([, p], [, q]) => q - p);
}
