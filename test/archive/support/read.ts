import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { PYTHON } from "../../support/python.js";

export type Row = Readonly<Record<string, string>>;

/** The rows of a CSV file as Python reads them. */
export function rowsOf(file: string): Row[] {
  const program = "import csv, json, sys; print(json.dumps(list(csv.DictReader(open(sys.argv[1], newline='')))))";
  return JSON.parse(execFileSync(PYTHON, ["-c", program, file], { encoding: "utf8" })) as Row[];
}

export interface ReadElan {
  readonly format: string;
  readonly media: readonly string[];
  /** Ids of time slots in the document's order, with their times. */
  readonly slots: readonly (readonly [string, number])[];
  readonly tiers: Readonly<Record<string, readonly ElanAnnotation[]>>;
  readonly annotators: Readonly<Record<string, string>>;
}

export interface ElanAnnotation {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** An ELAN document as Python's XML parser reads it. */
export function elanIn(file: string): ReadElan {
  const program = `
import json, sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
annotations = lambda tier: [{"id": a.get("ANNOTATION_ID"), "from": a.get("TIME_SLOT_REF1"), "to": a.get("TIME_SLOT_REF2"),
                             "text": a.findtext("ANNOTATION_VALUE")} for a in tier.iter("ALIGNABLE_ANNOTATION")]
print(json.dumps({
    "format": root.get("FORMAT"),
    "media": [m.get("RELATIVE_MEDIA_URL") for m in root.iter("MEDIA_DESCRIPTOR")],
    "slots": [[s.get("TIME_SLOT_ID"), int(s.get("TIME_VALUE"))] for s in root.iter("TIME_SLOT")],
    "tiers": {tier.get("TIER_ID"): annotations(tier) for tier in root.iter("TIER")},
    "annotators": {tier.get("TIER_ID"): tier.get("ANNOTATOR") for tier in root.iter("TIER")},
}))`;
  return JSON.parse(execFileSync(PYTHON, ["-c", program, file], { encoding: "utf8" })) as ReadElan;
}

/** Each tier's annotations as from, to and text. */
export function spansIn({
  tiers,
  slots,
}: ReadElan): Record<string, [number | undefined, number | undefined, string][]> {
  const times = new Map(slots);
  return Object.fromEntries(
    Object.entries(tiers).map(([name, all]) => [
      name,
      all.map(({ from, to, text }) => [times.get(from), times.get(to), text]),
    ]),
  );
}

/** What is wrong with an ELAN document beyond its schema: nothing, or it cannot be opened as it is meant. */
export function elanFaults(elan: ReadElan): string[] {
  const { slots, tiers } = elan;
  const annotations = Object.values(tiers).flat();
  const ids = [...annotations.map(({ id }) => id), ...slots.map(([id]) => id)];
  const faults: string[] = [];
  if (new Set(ids).size !== ids.length) faults.push("an id is there twice");
  if (slots.some(([, ms], i) => ms < (slots[i - 1]?.[1] ?? 0))) faults.push("slots are not in order");
  const times = new Map(slots);
  for (const { from, to } of annotations)
    if (!times.has(from) || !times.has(to)) faults.push(`no slot ${from} or ${to}`);
  for (const [name, spans] of Object.entries(spansIn(elan)))
    for (const [i, [from = 0, to = 0]] of spans.entries()) {
      if (from >= to) faults.push(`${name}: ${from} to ${to}`);
      if (from < (spans[i - 1]?.[1] ?? 0)) faults.push(`${name}: two at ${from}`);
    }
  return faults;
}

/** When subtitles begin and how long they last, in seconds, as FFmpeg reads them. */
export function subtitlesIn(file: string): string[] {
  const entries = ["-show_entries", "packet=pts_time,duration_time", "-of", "csv=p=0"];
  return execFileSync("ffprobe", ["-v", "error", ...entries, file], { encoding: "utf8" })
    .trim()
    .split("\n");
}

export const textOf = (file: string): string => readFileSync(file, "utf8");
