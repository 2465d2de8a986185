import type { MovementResult } from "../pipeline/index.js";
import { type ListedMovement, rankOf } from "./movement.js";

/** Negative where `a` is the sooner to go. */
const byWorth = (a: ListedMovement, b: ListedMovement): number => rankOf(a) - rankOf(b) || a.score - b.score;

/** The motion around a movement takes some 10 kB of the page. */
const MOST_EXCERPTS = 1500;

/**
 * The movements of a video, in bounded memory: when there are too many, the weakest of those that the spotter itself
 * turned down go first. All are counted.
 */
export class MovementList {
  private readonly kept: ListedMovement[] = [];
  private readonly results = new Map<MovementResult, number>();
  /** Movements that are counted, but no longer listed. */
  dropped = 0;

  constructor(private readonly capacity: number) {}

  add(movement: ListedMovement): void {
    this.results.set(movement.verdict, (this.results.get(movement.verdict) ?? 0) + 1);
    this.kept.push(movement);
    if (this.kept.length <= this.capacity) return;
    const weakest = this.kept.reduce((least, other) => (byWorth(other, least) < 0 ? other : least));
    this.kept.splice(this.kept.indexOf(weakest), 1);
    this.dropped++;
  }

  /** What is kept, in order of time. */
  get movements(): readonly ListedMovement[] {
    return [...this.kept].sort((a, b) => a.apexMs - b.apexMs || a.face - b.face);
  }

  /** Drops the motion around the least worthy where there is too much of it. */
  trimExcerpts(most = MOST_EXCERPTS): void {
    const having = this.kept.filter(({ excerpt }) => excerpt !== undefined).sort(byWorth);
    for (const movement of having.slice(0, Math.max(0, having.length - most))) delete movement.excerpt;
  }

  /** How many had which result, the dropped included. */
  get counts(): ReadonlyMap<MovementResult, number> {
    return this.results;
  }
}
