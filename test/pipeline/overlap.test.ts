import { setTimeout as sleep } from "node:timers/promises";
import t from "tap";
import { loadConfig } from "../../src/config/index.js";
import { buildPipeline, openModels } from "../../src/pipeline/assemble.js";
import type { PipelineListener } from "../../src/pipeline/pipeline.js";
import type { Frame } from "../../src/stream/frame.js";
import { AROUND, demoFrames, EVERY_CANDIDATE } from "../support/demo.js";

const { config } = loadConfig({ argv: [...EVERY_CANDIDATE] });
const models = await openModels(config);
t.teardown(() => models.close());

/** The stretch around a micro-expression, and whether each of its frames has been released, and how often. */
function counted(toMs = AROUND.toMs) {
  const released: number[] = [];
  async function* frames(): AsyncGenerator<Frame> {
    for await (const frame of demoFrames(AROUND.fromMs, toMs)) {
      const place = released.push(0) - 1;
      const release = frame.image.release.bind(frame.image);
      frame.image.release = () => {
        released[place] = (released[place] ?? 0) + 1;
        release();
      };
      yield frame;
    }
  }
  return { frames: frames(), released };
}

const LISTENED = ["onDetection", "onNoEvent", "onSample", "onCandidate", "onSignal", "onOutcome", "onLeave"] as const;

/** Everything that a listener is told but times of stages, in order. */
function recorder(): { told: string[]; listener: PipelineListener } {
  const told: string[] = [];
  const tell = (name: string) => [name, (...what: unknown[]) => void told.push(`${name} ${JSON.stringify(what)}`)];
  return { told, listener: Object.fromEntries(LISTENED.map(tell)) as PipelineListener };
}

t.test("frame by frame or one beside the other, the same is told in the same order", async (t) => {
  const [single, overlapped] = [recorder(), recorder()];
  const one = buildPipeline(config, models, "test", single.listener);
  for await (const frame of demoFrames(AROUND.fromMs, AROUND.toMs)) {
    await one.process(frame);
    frame.image.release();
  }
  await one.end();
  const { frames, released } = counted();
  const other = buildPipeline(config, models, "test", overlapped.listener);
  await other.run(frames);
  t.ok(single.told.some((line) => line.startsWith("onDetection")));
  const apart = single.told.findIndex((line, i) => line !== overlapped.told[i]);
  t.same([apart, overlapped.told.length], [-1, single.told.length]);
  t.ok(
    released.every((times) => times === 1),
    "every frame is released once",
  );
  t.same(other.stats(), one.stats());
});

t.test("the next frame's faces are found meanwhile, and those of no frame after it", async (t) => {
  let [found, seen] = [0, 0];
  const ahead: number[] = [];
  const { frames } = counted(AROUND.fromMs + 500);
  const pipeline = buildPipeline(config, models, "test", {
    onStage: (stage) => {
      if (stage === "face") found++;
    },
    onFace: async () => {
      const mine = ++seen;
      // Long enough for more frames than one, if they were let in.
      for (let waited = 0; found === mine && waited < 2000; waited += 5) await sleep(5);
      if (mine === 5) await sleep(200);
      ahead.push(found - mine);
    },
  });
  await pipeline.run(frames);
  const early = ahead.slice(1, 6);
  t.ok(early.length === 5 && early.every((frames) => frames === ahead[1]), `${ahead}`);
  t.equal((ahead[2] ?? 0) - (ahead.at(-1) ?? 0), 1, "but for the last frame, which has none after it");
});

t.test("where a frame fails, the run ends with its error, and no frame is kept", async (t) => {
  const { frames, released } = counted();
  let seen = 0;
  const pipeline = buildPipeline(config, models, "test", {
    onFace: async () => {
      if (++seen === 4) throw new Error("the fourth");
    },
  });
  await t.rejects(pipeline.run(frames), { message: "the fourth" });
  t.ok(released.length >= 4 && released.every((times) => times === 1), `${released}`);
  t.equal(pipeline.frames.inHand, 0);
});
