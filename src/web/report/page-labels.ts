import { checkWish } from "../../history/in-page.js";
import type { Label, LabelWish } from "../../history/index.js";
import type { ReportData } from "../../report/index.js";

/** Labels of one page, kept by this browser. */
export class PageLabels {
  private readonly labels: Label[] = [];
  private readonly key: string;
  private readonly models: ReadonlyMap<string, Label["model"]>;
  /** Whether the browser keeps them when the page is closed. */
  kept = true;

  private readonly version: string;

  constructor({ id, movements, version }: Pick<ReportData, "id" | "movements" | "version">) {
    this.version = version;
    this.key = `flinch-labels-${id}`;
    this.models = new Map(movements.map((movement) => [movement.id, movement.event?.model ?? null]));
    try {
      this.labels.push(...(JSON.parse(localStorage.getItem(this.key) ?? "[]") as Label[]));
    } catch {
      this.kept = false;
    }
  }

  /** Every reviewer's last word on every movement. */
  current(): Label[] {
    const last = new Map(this.labels.map((label) => [`${label.movement}\n${label.reviewer}`, label]));
    return [...last.values()].filter(({ decision }) => decision !== "withdrawn");
  }

  /** All that a reviewer has said of a movement, oldest first. */
  of(movement: string, reviewer: string): Label[] {
    return this.labels.filter((label) => label.movement === movement && label.reviewer === reviewer);
  }

  /** @throws FlinchError LABEL_INVALID */
  add(wish: LabelWish): Label {
    checkWish(wish);
    const { movement, reviewer, decision, onsetMs = null, apexMs = null, offsetMs = null, note = "" } = wish;
    const label: Label = {
      id: randomUuid(),
      movement,
      reviewer,
      decision,
      onsetMs,
      apexMs,
      offsetMs,
      note,
      at: new Date().toISOString(),
      version: this.of(movement, reviewer).length + 1,
      flinch: this.version,
      model: this.models.get(movement) ?? null,
    };
    this.labels.push(label);
    this.keep();
    return label;
  }

  /**
   * Takes in what an exported JSON document says of the same movements.
   * @returns how many labels were new
   * @throws Error for a document that is none, or of another recording
   */
  merge(text: string): number {
    const labels = labelsIn(text).filter(({ movement }) => this.models.has(movement));
    if (labels.length === 0) throw new Error("it has no label of a movement of this recording");
    const known = new Set(this.labels.map(({ id }) => id));
    const added = labels.filter(({ id }) => !known.has(id));
    this.labels.push(...added);
    this.labels.sort((a, b) => a.version - b.version);
    this.keep();
    return added.length;
  }

  private keep(): void {
    try {
      localStorage.setItem(this.key, JSON.stringify(this.labels));
      this.kept = true;
    } catch {
      this.kept = false;
    }
  }
}

function labelsIn(text: string): Label[] {
  let document: { schema?: unknown; labels?: unknown } | null;
  try {
    document = JSON.parse(text) as typeof document;
  } catch {
    throw new Error("it is no JSON");
  }
  if (document?.schema !== "flinch/export/1" || !Array.isArray(document.labels))
    throw new Error("it is no JSON export with labels (flinch/export/1)");
  for (const label of document.labels as Label[]) {
    const { onsetMs, apexMs, offsetMs, ...said } = label;
    checkWish({
      ...said,
      ...(onsetMs !== null && { onsetMs }),
      ...(apexMs !== null && { apexMs }),
      ...(offsetMs !== null && { offsetMs }),
    });
    if (typeof label.id !== "string" || !Number.isInteger(label.version))
      throw new Error("a label has no id or version");
  }
  return document.labels as Label[];
}

/** RFC 9562, version 4. `crypto.randomUUID` is missing where a page comes over plain HTTP. */
function randomUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
