import { type PackedExcerpt, unpacked } from "../../history/in-page.js";
import type { Excerpt, KeptMovement } from "../../history/index.js";
import type { Movement } from "../../pipeline/index.js";
import type { ReportData, ReportedMovement } from "../../report/index.js";

/** A movement with what its event says of it. */
export function wholeMovement({ id, movement, event }: ReportedMovement): Movement {
  return event === null ? movement : { ...movement, id, statement: event };
}

/** As the history has movements; the wall clock of a file is not known, its start stands for it. */
export function keptMovement(reported: ReportedMovement): Omit<KeptMovement, "event"> {
  return { id: reported.id, session: null, atMs: reported.movement.apexMs, movement: wholeMovement(reported) };
}

/** The motion around a movement; null where the page does not have it. */
export async function excerptIn(
  { regions }: Pick<ReportData, "regions">,
  reported: ReportedMovement,
): Promise<Excerpt | null> {
  if (reported.excerpt === undefined) return null;
  const bytes = Uint8Array.from(atob(reported.excerpt), (sign) => sign.charCodeAt(0));
  const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return { ...unpacked((await new Response(inflated).json()) as PackedExcerpt), regions };
}
