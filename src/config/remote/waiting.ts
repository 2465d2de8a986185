import { parseDesired } from "./document.js";
import type { Scope } from "./store.js";

/** Versions from one to another, both included. */
export interface VersionRange {
  readonly from: number;
  readonly to: number;
}

/** More than these of one scope need not be kept: only the newest that can be taken counts. */
const MOST_KEPT = 64;

interface Line {
  payloads: Uint8Array[];
  readonly passedOver: Set<number>;
}

/** Documents that have come and wait for their turn, those of each scope by themselves. */
export class Waiting {
  private readonly lines = new Map<Scope, Line>();

  add(scope: Scope, payload: Uint8Array): void {
    const line = this.lines.get(scope) ?? { payloads: [], passedOver: new Set() };
    this.lines.set(scope, line);
    // One that takes all back does so for all that were to.
    if (payload.length === 0) line.payloads = line.payloads.filter((kept) => kept.length > 0);
    line.payloads.push(payload);
    // An empty one forgets the version, by which what follows is judged: it must not get lost.
    const oldest = line.payloads.findIndex((kept) => kept.length > 0);
    if (line.payloads.length <= MOST_KEPT || oldest < 0) return;
    for (const dropped of line.payloads.splice(oldest, 1)) passOver(line, dropped);
  }

  /**
   * Takes out what has come since the last time. An empty payload takes all back: what came before it is passed over.
   * @returns whether there was one, the documents after it in order, and the versions that were passed over
   */
  takeAll(scope: Scope): {
    readonly cleared: boolean;
    readonly documents: readonly Uint8Array[];
    readonly passedOver: ReadonlySet<number>;
  } {
    const line = this.lines.get(scope) ?? { payloads: [], passedOver: new Set<number>() };
    this.lines.delete(scope);
    const clearing = line.payloads.findLastIndex((payload) => payload.length === 0);
    for (const payload of line.payloads.slice(0, Math.max(0, clearing))) passOver(line, payload);
    const { passedOver } = line;
    return { cleared: clearing >= 0, documents: line.payloads.slice(clearing + 1), passedOver };
  }
}

/** The version of a document, where it has one. */
export function versionOf(payload: Uint8Array): number | undefined {
  try {
    return parseDesired(payload).version;
  } catch {
    return undefined;
  }
}

function passOver({ passedOver }: Line, payload: Uint8Array): void {
  const version = versionOf(payload);
  if (version !== undefined) passedOver.add(version);
}

/** Versions as ranges, ascending. */
export function rangesOf(versions: Iterable<number>): VersionRange[] {
  const ranges: { from: number; to: number }[] = [];
  for (const version of [...versions].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && version <= last.to + 1) last.to = version;
    else ranges.push({ from: version, to: version });
  }
  return ranges;
}
