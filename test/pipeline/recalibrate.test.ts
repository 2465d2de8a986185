import t from "tap";
import { loadConfig } from "../../src/config/index.js";
import { buildPipeline, openModels } from "../../src/pipeline/assemble.js";
import type { Candidate } from "../../src/spotting/spotter.js";
import type { Frame } from "../../src/stream/frame.js";
import { AROUND, demoBrows, demoFrames, EVERY_CANDIDATE } from "../support/demo.js";

const { config } = loadConfig({ argv: [...EVERY_CANDIDATE] });
const models = await openModels(config);
t.teardown(() => models.close());

/** What is raised of the stretch around a micro-expression, and of which faces, if the baselines are forgotten then. */
async function seen(forgottenAtMs: number) {
  const candidates: Candidate[] = [];
  const faces = new Set<number>();
  let forgotten: number | undefined;
  const pipeline = buildPipeline(config, models, "demo", {
    onCandidate: (_, candidate) => void candidates.push(candidate),
    onFace: ({ face }) => void faces.add(face),
  });
  const onFrame = ({ timeMs }: Frame) => {
    if (forgotten === undefined && timeMs >= forgottenAtMs) forgotten = pipeline.recalibrate();
  };
  await pipeline.run(demoFrames(AROUND.fromMs, AROUND.toMs), onFrame);
  return { candidates, faces: [...faces], forgotten };
}

t.test("a face whose baseline is forgotten is the same face, and is known anew", async (t) => {
  const { onsetMs, offsetMs } = demoBrows;
  const meets = ({ candidates }: { candidates: readonly Candidate[] }) =>
    candidates.filter((candidate) => candidate.onsetMs < offsetMs && candidate.offsetMs > onsetMs).length;
  const whole = await seen(Number.POSITIVE_INFINITY);
  t.match({ ...whole, found: meets(whole) }, { faces: [1], forgotten: undefined, found: 1 });
  // Forgotten early it is learned again in time.
  const early = await seen(AROUND.fromMs + 200);
  t.match({ ...early, found: meets(early) }, { faces: [1], forgotten: 1, found: 1 });
  // Forgotten at the height of the movement nothing is left to hold the rest of it against.
  const late = await seen(demoBrows.apexMs);
  t.match({ ...late, found: meets(late) }, { faces: [1], forgotten: 1, found: 0 });
});
