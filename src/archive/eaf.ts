import { create } from "xmlbuilder2";
import type { Detection } from "../contract/index.js";
import { captionOf, unitsOf } from "./caption.js";
import type { Results } from "./results.js";

interface Annotation {
  readonly fromMs: number;
  readonly toMs: number;
  readonly text: string;
}

interface Tier {
  readonly name: string;
  readonly annotations: readonly Annotation[];
}

const MIME_TYPES: Readonly<Record<string, string>> = { mp4: "video/mp4", m4v: "video/mp4", mov: "video/quicktime" };

/** ELAN counts whole milliseconds. */
const spanOf = ({ onsetMs, offsetMs }: Detection) => ({ fromMs: Math.round(onsetMs), toMs: Math.round(offsetMs) });

/** On a tier no annotation may begin before the one before has ended: what overlaps goes onto a tier beside it. */
function apart({ name, annotations }: Tier): Tier[] {
  const rows: Annotation[][] = [];
  for (const annotation of [...annotations].sort((a, b) => a.fromMs - b.fromMs)) {
    const row = rows.find((each) => (each.at(-1)?.toMs ?? 0) <= annotation.fromMs);
    if (row === undefined) rows.push([annotation]);
    else row.push(annotation);
  }
  return rows.map((row, i) => ({ name: i === 0 ? name : `${name} (${i + 1})`, annotations: row }));
}

/** For each face what was seen, its action units, and its apexes. */
function tiersOf(events: readonly Detection[]): Tier[] {
  const faces = [...new Set(events.map(({ face }) => face))].sort((a, b) => a - b);
  return faces.flatMap((face) => {
    const own = events.filter((event) => event.face === face);
    const tier = (name: string, textOf: (event: Detection) => string): Tier => ({
      name: `face ${face}: ${name}`,
      annotations: own.map((event) => ({ ...spanOf(event), text: textOf(event) })).filter(({ text }) => text !== ""),
    });
    return [
      tier("expression", captionOf),
      tier("action units", (event) => unitsOf("actionUnits" in event ? event.actionUnits : undefined).join(" ")),
      tier("context", ({ context }) => context.join(" ")),
      {
        name: `face ${face}: apex`,
        annotations: own.map(({ apexMs, id }) => ({
          fromMs: Math.round(apexMs),
          toMs: Math.round(apexMs) + 1,
          text: id,
        })),
      },
    ].flatMap(apart);
  });
}

/**
 * Events as an ELAN document (EAF 3.0, the Max Planck Institute for Psycholinguistics' annotation format), the
 * recording linked by its file name: it is found where the document lies beside it.
 */
export function eafOf({ summary, events }: Results, date: Date): string {
  const { video } = summary;
  const extension = video.slice(video.lastIndexOf(".") + 1).toLowerCase();
  const tiers = tiersOf(events).filter(({ annotations }) => annotations.length > 0);
  const document = create({ version: "1.0", encoding: "UTF-8" }).ele("ANNOTATION_DOCUMENT", {
    AUTHOR: "Flinch",
    DATE: date.toISOString(),
    FORMAT: "3.0",
    VERSION: "3.0",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:noNamespaceSchemaLocation": "http://www.mpi.nl/tools/elan/EAFv3.0.xsd",
  });
  document.ele("HEADER", { MEDIA_FILE: "", TIME_UNITS: "milliseconds" }).ele("MEDIA_DESCRIPTOR", {
    MEDIA_URL: `./${encodeURIComponent(video)}`,
    MIME_TYPE: MIME_TYPES[extension] ?? "video/*",
    RELATIVE_MEDIA_URL: `./${encodeURIComponent(video)}`,
  });
  const order = document.ele("TIME_ORDER");
  let slots = 0;
  const slot = (ms: number): string => {
    const id = `ts${++slots}`;
    order.ele("TIME_SLOT", { TIME_SLOT_ID: id, TIME_VALUE: ms });
    return id;
  };
  let annotations = 0;
  for (const { name, annotations: own } of tiers) {
    const tier = document.ele("TIER", { TIER_ID: name, LINGUISTIC_TYPE_REF: "default-lt" });
    for (const { fromMs, toMs, text } of own) {
      const ends = { TIME_SLOT_REF1: slot(fromMs), TIME_SLOT_REF2: slot(toMs) };
      tier
        .ele("ANNOTATION")
        .ele("ALIGNABLE_ANNOTATION", { ANNOTATION_ID: `a${++annotations}`, ...ends })
        .ele("ANNOTATION_VALUE")
        .txt(text);
    }
  }
  document.ele("LINGUISTIC_TYPE", {
    GRAPHIC_REFERENCES: "false",
    LINGUISTIC_TYPE_ID: "default-lt",
    TIME_ALIGNABLE: "true",
  });
  return document.end({ prettyPrint: true });
}
