import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import t, { type Test } from "tap";
import { ClipQueue } from "../../src/evidence/clip-queue.js";
import { Evidence } from "../../src/evidence/index.js";
import type { KeptMovement } from "../../src/history/index.js";
import { raised, sampleSession } from "../support/history.js";
import { SmallDisk } from "../support/small-disk.js";
import { openClips } from "./support/clips.js";
import { greys, probed } from "./support/pictures.js";

const LAYOUT = { size: 112, leftEye: [0.3, 0.35], rightEye: [0.7, 0.35] } as const;

async function filming(t: Test, ...given: Parameters<typeof openClips> extends [Test, ...infer R] ? R : never) {
  const room = await openClips(t, ...given);
  const evidence = await Evidence.open(room.options, true);
  t.teardown(() => evidence.settled());
  const recorder = evidence.film({
    allowed: () => true,
    clip: () => ({ seconds: 3, maxFps: 60 }),
    layout: () => LAYOUT,
  });
  if (recorder === undefined) throw new Error("nothing is filmed");
  let begun = 0;
  /** A face that raises this event, alone in its stream; as many pictures of it as this. */
  const play = async ({ event, movement }: KeptMovement, pictures = 40) => {
    const face = ++begun;
    const from = movement.apexMs - 600;
    for (const { timeMs, data } of greys(
      112,
      Array.from({ length: pictures }, (_, i) => Math.max(0, from) + i * 33.3),
    )) {
      const seen = { face, timeMs, crop: data, eyeDistancePx: 60, cropCentre: { x: 0, y: 0 }, measures: {} as never };
      await recorder.listener.onFace(seen, { image: undefined as never, index: 0, timeMs, wallMs: undefined });
    }
    const { onsetMs = 0, apexMs, offsetMs = 0 } = movement;
    const candidate = { onsetMs, apexMs, offsetMs, score: 1, regions: [], reason: "" };
    recorder.listener.onCandidate(face, candidate);
    if (event) recorder.raised(event);
    recorder.listener.onOutcome({
      ...{ face, spotted: { kind: "candidate", candidate }, context: [], verdict: "event" },
      id: event?.id ?? "",
    });
    recorder.listener.onLeave(face);
  };
  const statuses = async () => (await room.told()).map(({ event, status, reason }) => [event, status, reason]);
  return { ...room, evidence, play, statuses };
}

t.test("an event's clip is made, told of, and is what was seen", async (t) => {
  const { evidence, history, play, told } = await filming(t);
  const movement = raised(5000);
  history.add(movement);
  await play(movement);
  await evidence.settled();
  const [ready] = await told();
  t.match(ready, { event: movement.id, status: "clip_ready", frames: 36, codec: "h264", content: "crop" });
  const mp4 = await evidence.clips.mp4(movement.id);
  t.equal(createHash("sha256").update(mp4).digest("hex"), ready?.sha256);
  t.match(await probed(t.testdir(), mp4), { frames: 36, width: 112 });
  t.match(evidence.stats(), { kept: 1, made: 1, failed: 0, dropped: 0, waiting: 0 });
  await play(movement);
  await evidence.settled();
  t.equal((await told()).length, 1, "a recording that is read again has its clip already");
});

t.test("why there is no clip is told, and counted", async (t) => {
  const { evidence, history, play, statuses } = await filming(t);
  const [empty, gone, good] = [raised(1000), raised(2000), raised(3000)];
  history.add(empty);
  history.add(good);
  await play(empty, 1);
  await play(gone);
  await play(good);
  await evidence.settled();
  t.strictSame(await statuses(), [
    [empty.id, "clip_failed", "no_frames"],
    [gone.id, "clip_failed", "event_deleted"],
    [good.id, "clip_ready", null],
  ]);
  t.match(evidence.stats(), { kept: 1, made: 1, failed: 2 });
  const { PATH } = process.env;
  process.env["PATH"] = t.testdir();
  t.teardown(() => {
    process.env["PATH"] = PATH;
  });
  const unlucky = raised(4000);
  history.add(unlucky);
  await play(unlucky);
  await evidence.settled();
  t.strictSame((await statuses()).at(-1), [unlucky.id, "clip_failed", "encoder"]);
});

t.test("a disk that is full costs the clip alone", async (t) => {
  const disk = SmallDisk.mount(t, 100);
  if (disk === undefined) return;
  const { evidence, history, play, statuses } = await filming(t, {}, disk.directory);
  disk.fill();
  const movement = raised(1000);
  history.add(movement);
  await play(movement);
  await evidence.settled();
  t.strictSame(await statuses(), [[movement.id, "clip_failed", "disk"]]);
});

t.test("a session that is deleted while a clip of it waits leaves none", async (t) => {
  const { evidence, folder, history, play, statuses } = await filming(t);
  const session = sampleSession();
  history.beginSession(session);
  const movement = raised(1000, session.id);
  history.add(movement);
  await play(movement);
  history.deleteSession(session.id, "ada", "request");
  await evidence.settled();
  t.strictSame(await statuses(), [[movement.id, "clip_failed", "event_deleted"]]);
  t.notOk(existsSync(`${folder}/${movement.id}.mp4.age`));
});

t.test("without evidence.enabled nothing is filmed, and nothing is made", async (t) => {
  const room = await openClips(t, { enabled: false, keyFile: "" });
  const evidence = await Evidence.open(room.options, true);
  t.equal(
    evidence.film({ allowed: () => true, clip: () => ({ seconds: 3, maxFps: 60 }), layout: () => LAYOUT }),
    undefined,
  );
  t.equal(evidence.stats(), null);
  t.notOk(existsSync(room.folder));
});

t.test("one is made at a time, sixteen wait, and what comes then is dropped and counted", async (t) => {
  let [running, most, made] = [0, 0, 0];
  const release: (() => void)[] = [];
  const dropped: string[] = [];
  const queue = new ClipQueue(
    async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => release.push(resolve));
      running--;
      made++;
    },
    ({ event }, why) => dropped.push(`${event.id} ${why}`),
  );
  const still = greys(112, [0, 33]);
  const add = (id: number, stills = still) =>
    queue.add({ event: { id: String(id), session: null }, side: 112, stills });
  for (let id = 0; id < 20; id++) add(id);
  t.equal(queue.waiting, 16);
  t.strictSame(dropped, ["17 busy", "18 busy", "19 busy"]);
  const emptied = queue.emptied(new AbortController().signal);
  while (made < 17) {
    release.shift()?.();
    await new Promise(setImmediate);
  }
  await emptied;
  t.equal(most, 1);
  t.equal(queue.dropped, 3);
  add(20, new Array(5000).fill(still[0]));
  add(21, new Array(5000).fill(still[0]));
  t.strictSame(dropped.slice(3), ["21 busy"], "what they take in memory is bounded, too");
  add(22);
  const late = new AbortController();
  const given = queue.emptied(late.signal);
  late.abort();
  release.shift()?.();
  await given;
  t.strictSame(dropped.slice(4), ["22 stopped"]);
  t.equal(made, 18);
});
