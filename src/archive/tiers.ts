import { captionOf, unitsOf } from "./caption.js";
import { gathered, type RecordedEvent, type RecordedLabel, type Recording } from "./recording.js";

export interface Annotation {
  readonly fromMs: number;
  readonly toMs: number;
  readonly text: string;
}

export interface Tier {
  readonly name: string;
  readonly annotator: string;
  readonly annotations: readonly Annotation[];
}

const FLINCH = "Flinch";

/** Whole milliseconds, from the beginning on, and no empty span: as ELAN counts. */
function spanOf(fromMs: number, toMs: number): Omit<Annotation, "text"> {
  const from = Math.max(0, Math.round(fromMs));
  return { fromMs: from, toMs: Math.max(from + 1, Math.round(toMs)) };
}

/** On a tier no annotation may begin before the one before has ended: what overlaps goes onto a tier beside it. */
function apart({ name, annotator, annotations }: Tier): Tier[] {
  const rows: Annotation[][] = [];
  for (const annotation of [...annotations].sort((a, b) => a.fromMs - b.fromMs)) {
    const row = rows.find((each) => (each.at(-1)?.toMs ?? 0) <= annotation.fromMs);
    if (row === undefined) rows.push([annotation]);
    else row.push(annotation);
  }
  return rows.map((row, i) => ({ name: i === 0 ? name : `${name} (${i + 1})`, annotator, annotations: row }));
}

/** What was seen of a face, its action units, what it did meanwhile, and its apexes. */
function faceTiers(face: number, events: readonly RecordedEvent[]): Tier[] {
  const tier = (name: string, textOf: (event: RecordedEvent) => string): Tier => ({
    name: `face ${face}: ${name}`,
    annotator: FLINCH,
    annotations: events
      .map((event) => ({ ...spanOf(event.onsetMs, event.offsetMs), text: textOf(event) }))
      .filter(({ text }) => text !== ""),
  });
  return [
    tier("expression", captionOf),
    tier("action units", (event) => unitsOf("actionUnits" in event ? event.actionUnits : undefined).join(" ")),
    tier("context", ({ context = [] }) => context.join(" ")),
    {
      name: `face ${face}: apex`,
      annotator: FLINCH,
      annotations: events.map(({ apexMs, id }) => ({ ...spanOf(apexMs, apexMs), text: id })),
    },
  ];
}

/** What a reviewer says, from mark to mark; where one is missing, from where Flinch saw the movement begin and end. */
function reviewerTier(reviewer: string, labels: readonly RecordedLabel[]): Tier {
  return {
    name: `reviewer ${reviewer}`,
    annotator: reviewer,
    annotations: labels.map(({ onsetMs, offsetMs, seen, decision, face, note }) => ({
      ...spanOf(onsetMs ?? seen.fromMs, offsetMs ?? seen.toMs),
      text: `${decision} (face ${face})${note === "" ? "" : `: ${note}`}`,
    })),
  };
}

const byKey = <K, T>(all: readonly T[], keyOf: (one: T) => K): Map<K, T[]> => {
  const groups = new Map<K, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group === undefined) groups.set(keyOf(one), [one]);
    else group.push(one);
  }
  return groups;
};

/** The tiers of a recording: those of each face, then one a reviewer. None is empty, on none do two overlap. */
export async function tiersOf({ events, labels }: Recording): Promise<Tier[]> {
  const faces = byKey(await gathered(events()), ({ face }) => face);
  const reviewers = byKey(labels ? await gathered(labels()) : [], ({ reviewer }) => reviewer);
  const seen = [...faces].sort(([a], [b]) => a - b).flatMap(([face, own]) => faceTiers(face, own));
  const said = [...reviewers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, own]) => reviewerTier(name, own));
  return distinct([...seen, ...said].flatMap(apart));
}

/** Somebody may be called "ada (2)". */
function distinct(tiers: readonly Tier[]): Tier[] {
  const taken = new Set<string>();
  return tiers.map((tier) => {
    let { name } = tier;
    while (taken.has(name)) name += "'";
    taken.add(name);
    return { ...tier, name };
  });
}
