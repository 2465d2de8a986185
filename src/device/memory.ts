export interface MemoryUse {
  /** Resident memory of the whole process, pictures and models among it, in MB (10⁶ bytes). */
  readonly rssMb: number;
  /** JavaScript's own heap, in MB. */
  readonly heapMb: number;
}

const MB = 1_000_000;

export function memoryUse(): MemoryUse {
  const { rss, heapUsed } = process.memoryUsage();
  return { rssMb: Math.round(rss / MB), heapMb: Math.round(heapUsed / MB) };
}
