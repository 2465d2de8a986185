import {
  excerptSignals,
  inBlocks,
  type RecordedLabel,
  type Recording,
  recordedMovement,
} from "../../archive/in-page.js";
import type { KeptMovement, Label } from "../../history/index.js";
import type { ReportData, ReportedMovement } from "../../report/index.js";
import type { PageLabels } from "./page-labels.js";
import { excerptIn, keptMovement, wholeMovement } from "./page-movements.js";

const UNKNOWN = { onsetAt: null, apexAt: null, offsetAt: null } as const;

/** The recording of this page as every format of an export takes it; of signals, those around movements. */
export async function pageRecording(data: ReportData, labels: PageLabels): Promise<Recording> {
  const { movements, summary } = data;
  const byId = new Map(movements.map((movement) => [movement.id, movement]));
  const excerpts = new Map(
    await Promise.all(movements.map(async (movement) => [movement.id, await excerptIn(data, movement)] as const)),
  );
  const said = () =>
    labels.current().flatMap((label) => {
      const movement = byId.get(label.movement);
      return movement === undefined ? [] : [recordedLabel(label, movement)];
    });
  return {
    name: summary.video.replace(/\.[^.]*$/, ""),
    video: summary.video,
    zero: { what: "recording", at: null },
    session: null,
    coverage: [],
    summary,
    events: () => inBlocks(movements.flatMap(({ event }) => event ?? [])),
    movements: () =>
      inBlocks(
        movements.map((movement) => ({ ...recordedMovement(wholeMovement(movement), UNKNOWN), id: movement.id })),
      ),
    labels: () => inBlocks(said()),
    signals: excerptSignals(
      { excerptOf: (id) => excerpts.get(id) ?? undefined },
      () => inBlocks(movements.map((movement): KeptMovement => ({ ...keptMovement(movement), event: null }))),
      () => 0,
    ),
  };
}

function recordedLabel(label: Label, { movement }: ReportedMovement): RecordedLabel {
  const { face, apexMs, onsetMs = apexMs, offsetMs = apexMs } = movement;
  return { ...label, ...UNKNOWN, face, seen: { fromMs: onsetMs, toMs: offsetMs } };
}
