/** Halves that wait for another; one of a pair that never comes would wait for ever. */
const MOST = 100;

/** Brings together two things of the same id, whichever comes first. */
export class Pairs<Left, Right> {
  private readonly lefts = new Map<string, Left>();
  private readonly rights = new Map<string, Right>();

  /** Its other half where that has come already; waits for it otherwise. */
  left(id: string, left: Left): Right | undefined {
    return meet(id, left, this.lefts, this.rights);
  }

  right(id: string, right: Right): Left | undefined {
    return meet(id, right, this.rights, this.lefts);
  }

  clear(): void {
    this.lefts.clear();
    this.rights.clear();
  }
}

function meet<Own, Other>(id: string, own: Own, owns: Map<string, Own>, others: Map<string, Other>): Other | undefined {
  const other = others.get(id);
  others.delete(id);
  if (other !== undefined) return other;
  owns.set(id, own);
  const [oldest] = owns.keys();
  if (owns.size > MOST && oldest !== undefined) owns.delete(oldest);
  return undefined;
}
