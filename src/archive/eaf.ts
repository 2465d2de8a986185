import { setImmediate as breath } from "node:timers/promises";
import { createCB } from "xmlbuilder2";
import type { Recording } from "./recording.js";
import { type Tier, tiersOf } from "./tiers.js";

/** What XML 1.0 has no place for. */
const NO_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

const xmlText = (text: string): string => text.replaceAll(NO_XML, "\ufffd");

/** Elements between two turns of others. */
const AT_ONCE = 100;

const MIME_TYPES: Readonly<Record<string, string>> = { mp4: "video/mp4", m4v: "video/mp4", mov: "video/quicktime" };

/**
 * Events and labels as an ELAN document (EAF 3.0, the Max Planck Institute for Psycholinguistics' annotation format). A
 * recording is linked by its file name: it is found where the document lies beside it.
 * @param date when the document is made
 */
export async function* elanOf(recording: Recording, date: Date): AsyncGenerator<string> {
  const tiers = await tiersOf(recording);
  let written = "";
  const data = (text: string) => {
    written += text;
  };
  const document = createCB({ prettyPrint: true, data });
  const taken = async (): Promise<string> => {
    await breath();
    const text = written;
    written = "";
    return text;
  };
  document.dec({ version: "1.0", encoding: "UTF-8" }).ele("ANNOTATION_DOCUMENT", {
    AUTHOR: "Flinch",
    DATE: date.toISOString(),
    FORMAT: "3.0",
    VERSION: "3.0",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:noNamespaceSchemaLocation": "http://www.mpi.nl/tools/elan/EAFv3.0.xsd",
  });
  header(document, recording.video);
  const slots = new Map<string, string>();
  for (const _ of timeOrder(document, tiers, slots)) yield await taken();
  let annotations = 0;
  for (const [t, { name, annotator, annotations: own }] of tiers.entries()) {
    document.ele("TIER", { ANNOTATOR: xmlText(annotator), LINGUISTIC_TYPE_REF: "default-lt", TIER_ID: xmlText(name) });
    for (const [a, { text }] of own.entries()) {
      const ends = { TIME_SLOT_REF1: slots.get(`${t} ${a} from`), TIME_SLOT_REF2: slots.get(`${t} ${a} to`) };
      document
        .ele("ANNOTATION")
        .ele("ALIGNABLE_ANNOTATION", { ANNOTATION_ID: `a${++annotations}`, ...ends })
        .ele("ANNOTATION_VALUE")
        .txt(xmlText(text))
        .up()
        .up()
        .up();
      if (annotations % AT_ONCE === 0) yield await taken();
    }
    document.up();
  }
  document.ele("LINGUISTIC_TYPE", {
    GRAPHIC_REFERENCES: "false",
    LINGUISTIC_TYPE_ID: "default-lt",
    TIME_ALIGNABLE: "true",
  });
  document.end();
  yield `${await taken()}\n`;
}

type Builder = ReturnType<typeof createCB>;

function header(document: Builder, video: string | null): void {
  document.ele("HEADER", { MEDIA_FILE: "", TIME_UNITS: "milliseconds" });
  if (video !== null) {
    const url = `./${encodeURIComponent(video)}`;
    const extension = video.slice(video.lastIndexOf(".") + 1).toLowerCase();
    const type = MIME_TYPES[extension] ?? "video/*";
    document.ele("MEDIA_DESCRIPTOR", { MEDIA_URL: url, MIME_TYPE: type, RELATIVE_MEDIA_URL: url }).up();
  }
  document.up();
}

/** Writes a time slot for each end of each annotation, in order of time, some at a time; notes their ids. */
function* timeOrder(document: Builder, tiers: readonly Tier[], ids: Map<string, string>): Generator<void> {
  const ends = tiers.flatMap(({ annotations }, t) =>
    annotations.flatMap(({ fromMs, toMs }, a) => [
      { ms: fromMs, key: `${t} ${a} from` },
      { ms: toMs, key: `${t} ${a} to` },
    ]),
  );
  document.ele("TIME_ORDER");
  for (const { ms, key } of ends.sort((a, b) => a.ms - b.ms)) {
    const id = `ts${ids.size + 1}`;
    ids.set(key, id);
    document.ele("TIME_SLOT", { TIME_SLOT_ID: id, TIME_VALUE: ms }).up();
    if (ids.size % AT_ONCE === 0) yield;
  }
  document.up();
}
