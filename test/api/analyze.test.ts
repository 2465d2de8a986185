import { join } from "node:path";
import t from "tap";
import { analyze, openPipeline, type RawFrame } from "../../src/api/index.js";
import { AROUND, demoFrames, shortVideo } from "../support/demo.js";

const config = { recognition: { providers: ["cpu"], maxNone: 1, minEvidence: -20, minConfidence: 0 } } as const;
const video = await shortVideo(join(t.testdir(), "short.mp4"));
const pipeline = await openPipeline(config);
t.teardown(() => pipeline.close());

/** The bundled video as a program would have it that decodes by itself. */
async function* raw(fromMs: number, toMs: number): AsyncGenerator<RawFrame> {
  for await (const { timeMs, image } of demoFrames(fromMs, toMs)) {
    yield { timeMs: timeMs - fromMs, width: image.cols, height: image.rows, data: image.getData() };
    image.release();
  }
}

async function* once(frame: Partial<RawFrame>): AsyncGenerator<RawFrame> {
  const whole = { timeMs: 0, width: 4, height: 3, data: new Uint8Array(36) };
  yield { ...whole, ...frame };
}

t.test("a recording gives its events, its movements and how much could be judged", async (t) => {
  const told: string[] = [];
  const { events, movements, summary } = await pipeline.analyze(video, { onEvent: ({ id }) => void told.push(id) });
  t.ok(events.length > 0);
  t.same(
    told,
    events.map(({ id }) => id),
  );
  t.same(
    movements.flatMap(({ id }) => id ?? []),
    told,
    "every event is one of the movements",
  );
  t.match(summary, { video: "short.mp4", events: events.length, faces: 1, cut: null });
  const again = await analyze(video, { config });
  t.same(again.events, events, "the same bytes give the same events");
});

t.test("frames from elsewhere give events under a name of their own", async (t) => {
  const analyse = (name: string) => pipeline.analyze({ name, frames: raw(AROUND.fromMs, AROUND.toMs) });
  const [here, there] = [await analyse("here"), await analyse("there")];
  t.ok(here.events.length > 0);
  const apexes = ({ events }: typeof here) => events.map(({ apexMs }) => apexMs);
  t.same(apexes(there), apexes(here));
  t.not(there.events[0]?.id, here.events[0]?.id, "the name of the stream is part of an event's id");
  t.match(here.summary, { video: "here", faces: 1, cut: null });
});

t.test("a frame that cannot be right is refused", async (t) => {
  const analyse = (frame: Partial<RawFrame>) => pipeline.analyze({ name: "x", frames: once(frame) });
  const refused = (message: RegExp) => ({ code: "SOURCE_UNREADABLE", message });
  await t.rejects(
    analyse({ data: new Uint8Array(35) }),
    refused(/^frame 0: 4 × 3 BGR takes 36 bytes, and data has 35$/),
  );
  await t.rejects(analyse({ timeMs: Number.NaN }), refused(/timeMs, NaN/));
  await t.rejects(analyse({ width: 0, data: new Uint8Array(0) }), refused(/0 × 3 is no size/));
  const frames = (async function* () {
    yield* once({ timeMs: 5 });
    yield* once({ timeMs: 5 });
  })();
  await t.rejects(pipeline.analyze({ name: "x", frames }), refused(/^frame 1: its timeMs, 5, does not lie after/));
});

t.test("what was found until it is interrupted is the result", async (t) => {
  const stop = new AbortController();
  const frames = (async function* () {
    for (let timeMs = 0; timeMs < 100; timeMs++) {
      if (timeMs === 10) stop.abort();
      yield* once({ timeMs });
    }
  })();
  const { summary } = await pipeline.analyze({ name: "x", frames }, { signal: stop.signal });
  t.match(summary, { frames: 10, cut: "it was interrupted" });
});

t.test("a key that does not exist, and a video that does not", async (t) => {
  const misspelt = { spotting: { sensitvity: "balanced" } } as object;
  await t.rejects(openPipeline(misspelt), { code: "CONFIG_INVALID", message: /spotting\.sensitvity/ });
  await t.rejects(pipeline.analyze("nowhere.mp4"), { code: "SOURCE_NOT_FOUND" });
});
