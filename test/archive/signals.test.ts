import { appendFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { readFolder } from "../../src/archive/index.js";
import { gathered, type SignalSample } from "../../src/archive/recording.js";
import { flinch } from "../support/cli.js";
import { rowsOf, textOf } from "./support/read.js";
import { resultsIn, summary } from "./support/results.js";

const sample = (face: number, timeMs: number) => {
  return { kind: "sample", face, timeMs, displacement: [timeMs, 1, 2, 3], change: [0.1, 0.2], head: [1, 2, 3, 4] };
};
const signal = (face: number, timeMs: number) => ({
  kind: "signal",
  face,
  timeMs,
  score: timeMs / 1e6,
  group: "brows",
});

async function samplesOf(folder: string): Promise<SignalSample[]> {
  const { signals } = await readFolder(folder);
  if (signals === undefined) throw new Error("no signals");
  return await gathered(signals.samples());
}

t.test("a sample gets the latest word at or before it, however late that is written", async (t) => {
  // The spotter's clock lags two samples behind.
  const written = [10, 20, 30, 40, 50, 60].flatMap((timeMs) => [
    sample(1, timeMs),
    ...(timeMs % 20 === 0 && timeMs > 20 ? [signal(1, timeMs - 20)] : []),
  ]);
  const read = await samplesOf(resultsIn(t.testdir(), "late", { signals: written }));
  t.same(
    read.map(({ timeMs, signal }) => [timeMs, signal?.timeMs ?? null]),
    [
      [10, null],
      [20, 20],
      [30, 20],
      [40, 40],
      [50, 40],
      [60, 40],
    ],
  );
  t.match(read[5], { face: 1, movement: null, regions: summary.regions, head: [1, 2, 3, 4], signal: { score: 4e-5 } });
});

t.test("each face has its own words, and one that left is not waited for", async (t) => {
  const written = [sample(1, 0), signal(2, 0), sample(2, 5), signal(1, 0), sample(1, 10), sample(3, 20_000)];
  const read = await samplesOf(resultsIn(t.testdir(), "faces", { signals: written }));
  t.same(
    read.map(({ face, timeMs, signal }) => [face, timeMs, signal?.timeMs]),
    [
      [1, 0, 0],
      [1, 10, 0],
      [2, 5, 0],
      [3, 20_000, undefined],
    ],
  );
});

t.test("a spotter that says nothing holds up no more than ten seconds of samples", async (t) => {
  const written = Array.from({ length: 5000 }, (_, i) => sample(1, i));
  const { signals } = await readFolder(resultsIn(t.testdir(), "silent", { signals: written }));
  const blocks: number[] = [];
  for await (const block of signals?.samples() ?? []) blocks.push(block.length);
  t.same(blocks, [1000, 1000, 1000, 1000, 1000]);
});

t.test("a folder makes Parquet of its signals, where the summary names their regions", async (t) => {
  const dir = t.testdir();
  const kept = { signals: [sample(1, 0), sample(1, 16.6667)] };
  const fresh = await flinch(
    "export",
    resultsIn(dir, "fresh", kept),
    "--to",
    "json,parquet",
    "--out",
    join(dir, "out"),
  );
  t.same(
    [fresh.status, fresh.output.map((path) => path.slice(path.indexOf("/out/") + 5))],
    [0, ["fresh.json", "fresh.events.parquet", "fresh.movements.parquet", "fresh.signals.parquet"]],
  );
  const { signals } = JSON.parse(textOf(fresh.output[0] ?? ""));
  t.match(signals.columns.slice(4, 8), ["time_ms", "face", "brow_left_x", "brow_left_y"]);
  t.match(signals.rows[1].slice(4, 8), [16.6667, 1, 16.6667, 1]);
  const { regions: _, ...before } = summary;
  const old = resultsIn(dir, "old", { ...kept, summary: before });
  const { status, plain } = await flinch("export", old, "--to", "parquet", "--out", join(dir, "no"));
  t.equal(status, 1);
  t.match(plain.at(-1), /old\/summary\.json' does not name the face's regions.*anew.*\[RESULTS_UNREADABLE\]$/);
  t.equal((await flinch("export", old, "--to", "csv,srt,eaf")).status, 0, "what has no signals needs no regions");
  const described = rowsOf(join(old, "old.columns.csv")).filter(({ table }) => table === "signals");
  t.match(described.slice(4, 7), [{ column: "time_ms" }, { column: "face" }, { column: "<region>_x" }]);
  const cut = resultsIn(dir, "cut", kept);
  appendFileSync(join(cut, "signals.ndjson"), '{"kind":"sam');
  const damaged = await flinch("export", cut, "--to", "parquet", "--out", join(dir, "cut-out"));
  t.match(damaged.plain.at(-1), /signals\.ndjson', line 3, is not JSON.*\[RESULTS_UNREADABLE\]$/);
});
