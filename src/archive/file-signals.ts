import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { LatestSignal } from "./latest-signal.js";
import { parsedLine } from "./parsed-line.js";
import type { SignalSample, Signals } from "./recording.js";

/** A line of `signals.ndjson`. */
type Line =
  | ({ readonly kind: "sample" } & Pick<SignalSample, "face" | "timeMs" | "displacement" | "change" | "head">)
  | ({ readonly kind: "signal"; readonly face: number } & NonNullable<SignalSample["signal"]>);

const BLOCK = 1000;
/** A face without a sample for so long has left: another track begins when it is back. */
const GONE_MS = 10_000;

/** The motion of a whole recording, read line by line. */
export function fileSignals(file: string, regions: () => readonly string[]): Signals {
  return {
    regions: async () => regions(),
    async *samples() {
      let block: SignalSample[] = [];
      for await (const sample of joined(file, regions())) {
        block.push(sample);
        if (block.length < BLOCK) continue;
        yield block;
        block = [];
      }
      if (block.length > 0) yield block;
    },
  };
}

async function* joined(file: string, regions: readonly string[]): AsyncGenerator<SignalSample> {
  const faces = new Map<number, LatestSignal>();
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  let number = 0;
  for await (const text of lines) {
    const line = parsedLine<Line>(text, file, number++);
    let face = faces.get(line.face);
    if (face === undefined) {
      for (const [other, { newestMs }] of faces) {
        if (newestMs > line.timeMs - GONE_MS) continue;
        yield* faces.get(other)?.end() ?? [];
        faces.delete(other);
      }
      face = new LatestSignal();
      faces.set(line.face, face);
    }
    if (line.kind === "signal") {
      const { timeMs, score, group } = line;
      yield* face.signal({ timeMs, score, group });
    } else {
      const { timeMs, displacement, change, head } = line;
      yield* face.sample({ timeMs, face: line.face, movement: null, regions, displacement, change, head });
    }
  }
  for (const face of faces.values()) yield* face.end();
}
