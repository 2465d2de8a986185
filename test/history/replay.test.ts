import t from "tap";
import { loadConfig } from "../../src/config/index.js";
import { eventOf } from "../../src/daemon/envelope.js";
import { HistoryRecorder } from "../../src/history/index.js";
import { buildPipeline, openModels } from "../../src/pipeline/index.js";
import { type Candidate, LearnedSpotter, type MotionSignal, spotLayout } from "../../src/spotting/index.js";
import { demoBrows, demoFrames, EVERY_CANDIDATE } from "../support/demo.js";
import { openHistory } from "../support/history.js";
import { Logs } from "../support/logs.js";

const { config } = loadConfig({ argv: EVERY_CANDIDATE });
const models = await openModels(config);
t.teardown(() => models.close());

t.test("an excerpt holds all that the learned spotter goes by: it sees the same in it again", async (t) => {
  const history = openHistory(t.testdir());
  t.teardown(() => history.close());
  const wallMs = (timeMs: number) => Date.UTC(2026, 0, 1) + timeMs;
  const log = new Logs();
  const recorder = new HistoryRecorder({ history, regions: () => models.regions, wallMs, session: () => null, log });
  const candidates: Candidate[] = [];
  const pipeline = buildPipeline(config, models, "demo", {
    ...recorder.listener,
    onCandidate: (_, candidate) => void candidates.push(candidate),
    onDetection: (detection) => {
      const said = { config, bootId: "boot", sequence: 1, session: undefined, provider: "cpu", wallMs };
      recorder.raised(eventOf(detection, said));
    },
  });
  // Longer before than an excerpt reaches: it begins in the midst of what the spotter has seen.
  await pipeline.run(demoFrames(demoBrows.onsetMs - 5000, demoBrows.offsetMs + 2300));
  t.strictSame(log.lines, []);
  const seen = candidates.find((c) => c.onsetMs < demoBrows.offsetMs && c.offsetMs > demoBrows.onsetMs);
  const kept = history.movements({ limit: 99 }).find(({ movement }) => movement.onsetMs === seen?.onsetMs);
  t.match(kept, { movement: { verdict: "event" }, event: { provider: "cpu" } });
  const excerpt = history.excerptOf(kept?.id ?? "");
  t.strictSame(excerpt?.regions, models.regions);

  const again: MotionSignal[] = [];
  const found: Candidate[] = [];
  const layout = spotLayout(models.spotter.model.entry);
  const spotter = new LearnedSpotter(
    models.spotter,
    layout,
    models.regions,
    () => config.spotting,
    (signal) => again.push(signal),
  );
  for (const [s, timeMs] of excerpt?.timesMs.entries() ?? []) {
    const [displacement, change, head] = [excerpt?.displacement[s], excerpt?.change[s], excerpt?.head[s]].map(
      (values) => Float64Array.from(values ?? []),
    ) as [Float64Array, Float64Array, Float64Array];
    const spotted = await spotter.push({ timeMs, displacement, change, head });
    found.push(...spotted.flatMap((one) => (one.kind === "candidate" ? one.candidate : [])));
  }
  const peak = (signals: readonly { readonly timeMs: number; readonly score: number }[]) =>
    signals.reduce((best, signal) => (signal.score > best.score ? signal : best));
  const near = (excerpt?.signal ?? []).filter(({ timeMs }) => Math.abs(timeMs - (seen?.offsetMs ?? 0)) < 300);
  const [before, now] = [peak(near), peak(again)];
  t.ok(Math.abs(before.score - now.score) < 0.05, `${before.score} ${now.score}`);
  t.ok(Math.abs(before.timeMs - now.timeMs) <= 80, `${before.timeMs} ${now.timeMs}`);
  const same = found.find(({ onsetMs }) => Math.abs(onsetMs - (seen?.onsetMs ?? 0)) <= 40);
  t.ok(same, JSON.stringify({ seen, found }));
  t.ok(Math.abs((same?.offsetMs ?? 0) - (seen?.offsetMs ?? 0)) <= 40);
});
