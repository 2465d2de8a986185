import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { Announcer } from "../../src/evidence/announce.js";
import { Clips } from "../../src/evidence/clips.js";
import { readKey, writeKey } from "../../src/evidence/key.js";
import { Seal } from "../../src/evidence/seal.js";
import { openHistory, sampleSession } from "../support/history.js";
import { SmallDisk } from "../support/small-disk.js";
import { openClips } from "./support/clips.js";
import { picturesIn } from "./support/pictures.js";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const MP4 = Buffer.concat([Buffer.from("....ftypisom"), Buffer.alloc(50_000, "moof")]);

async function clipsOf(
  room: Awaited<ReturnType<typeof openClips>>,
  changes: { maxBytes?: number; sealed?: boolean } = {},
) {
  const { stateDirectory, outbox, sender, events, log } = room.options;
  const seal = await Seal.open(await readKey(room.keyFile, []), room.keyFile);
  const { maxBytes = 1e9, sealed = true } = changes;
  const announcer = new Announcer(outbox, sender);
  return await Clips.open({ stateDirectory, maxBytes, events, announcer, log, ...(sealed && { seal }) });
}

t.test("a clip is kept encrypted, for its owner alone, and told of once it is proven", async (t) => {
  const room = await openClips(t);
  const clips = await clipsOf(room);
  const wanted = room.footage(1);
  t.ok(await clips.add(wanted, MP4, "h264", "crop"));
  const names = readdirSync(room.folder).sort();
  t.strictSame(names, [`${wanted.event.id}.json`, `${wanted.event.id}.mp4.age`]);
  for (const name of names) {
    t.equal(statSync(join(room.folder, name)).mode & 0o777, 0o600);
    t.strictSame(picturesIn(readFileSync(join(room.folder, name))), name.endsWith(".age") ? ["age"] : []);
  }
  t.match(await room.told(), [
    {
      ...{ event: wanted.event.id, status: "clip_ready", reason: null, sha256: sha256(MP4), bytes: MP4.length },
      ...{ codec: "h264", content: "crop", frames: 30, fromMs: 1000, toMs: 1965.7, device: "device", sequence: 1 },
    },
  ]);
  t.ok(MP4.equals(await clips.mp4(wanted.event.id)));
  t.match(clips.stats(), { kept: 1, bytes: statSync(join(room.folder, names[1] ?? "")).size });
  const again = await clipsOf(room);
  t.ok(again.has(wanted.event.id));
  t.ok(MP4.equals(await again.mp4(wanted.event.id)), "after another start");
  t.equal((await room.told()).length, 1, "and it is not told again");
  await t.rejects(clips.mp4("0f6b1c2d-3e4f-4a5b-8c6d-7e8f9a0b1c2d"), { code: "NOT_FOUND" });
});

t.test("a clip goes on request, and who asked for it is told", async (t) => {
  const room = await openClips(t);
  const clips = await clipsOf(room);
  const wanted = room.footage(1);
  await clips.add(wanted, MP4, "h264", "crop");
  await clips.remove(wanted.event.id, "ada");
  t.strictSame(readdirSync(room.folder), []);
  const [ready, deleted] = await room.told();
  t.match(deleted, { status: "clip_deleted", reason: "request", by: "ada", sha256: sha256(MP4) });
  t.not(ready?.id, deleted?.id);
  t.notOk(clips.has(wanted.event.id));
  await t.rejects(clips.remove(wanted.event.id, "ada"), { code: "NOT_FOUND" });
});

t.test("a clip goes with its session, and one whose event is gone is not made", async (t) => {
  const room = await openClips(t);
  const clips = await clipsOf(room);
  const session = sampleSession();
  room.history.beginSession(session);
  const [inside, outside, late] = [room.footage(1, session.id), room.footage(2), room.footage(3, session.id)];
  await clips.add(inside, MP4, "h264", "crop");
  await clips.add(outside, MP4, "h264", "crop");
  room.history.deleteSession(session.id, "ada", "request");
  await clips.sweep();
  t.notOk(clips.has(inside.event.id));
  t.ok(clips.has(outside.event.id));
  t.match((await room.told()).at(-1), {
    status: "clip_deleted",
    reason: "event_deleted",
    session: session.id,
    by: null,
  });
  t.equal(await clips.add(late, MP4, "h264", "crop"), false);
  t.equal(readdirSync(room.folder).length, 2);
  t.equal((await room.told()).length, 3, "nobody was told of it");
});

t.test("a clip goes by its age, which counts from when its event was stored", async (t) => {
  const room = await openClips(t);
  const clips = await clipsOf(room);
  const [old, young] = [room.footage(1), () => room.footage(2)];
  await clips.add(old, MP4, "h264", "crop");
  room.passDays(6);
  const fresh = young();
  await clips.add(fresh, MP4, "h264", "crop");
  room.passDays(2);
  room.history.expire(0);
  t.equal(await clips.expire(0), 0);
  t.equal(await clips.expire(7), 1);
  t.strictSame([clips.has(old.event.id), clips.has(fresh.event.id)], [false, true]);
  t.match((await room.told()).at(-1), { event: old.event.id, status: "clip_deleted", reason: "retention" });
  room.history.expire(1);
  await clips.sweep();
  t.notOk(clips.has(fresh.event.id), "its event is gone");
});

t.test("when there are too many, the oldest go", async (t) => {
  const room = await openClips(t);
  const clips = await clipsOf(room, { maxBytes: 110_000 });
  const all = [1, 2, 3].map((number) => room.footage(number));
  for (const one of all) await clips.add(one, MP4, "h264", "crop");
  t.strictSame(
    all.map(({ event }) => clips.has(event.id)),
    [false, true, true],
  );
  t.match((await room.told()).at(-1), { event: all[0]?.event.id, status: "clip_deleted", reason: "space" });
});

t.test("a start makes up for what a crash has cut short", async (t) => {
  const room = await openClips(t);
  const clips = await clipsOf(room);
  const [told, untold, vanished, orphan] = [1, 2, 3, 4].map((number) => room.footage(number));
  if (!told || !untold || !vanished || !orphan) throw new Error("there are four");
  for (const one of [told, untold, vanished, orphan]) await clips.add(one, MP4, "h264", "crop");
  const file = (event: { id: string }, ending: string) => join(room.folder, `${event.id}${ending}`);
  const record = JSON.parse(readFileSync(file(untold.event, ".json"), "utf8")) as { told: boolean };
  writeFileSync(file(untold.event, ".json"), JSON.stringify({ ...record, told: false }));
  rmSync(file(vanished.event, ".mp4.age"));
  writeFileSync(join(room.folder, "5e1c3f0e-52a8-8a0f-9d3b-1d2f5e6a7b8c.mp4.age.tmp"), "half");
  writeFileSync(join(room.folder, "6e1c3f0e-52a8-8a0f-9d3b-1d2f5e6a7b8c.mp4.age"), "nobody knows whose");
  writeFileSync(join(room.folder, "7e1c3f0e-52a8-8a0f-9d3b-1d2f5e6a7b8c.json"), "{");
  const before = await room.told();
  // Another history, as after damage: of the four it knows two.
  const other = openHistory(join(room.directory, "other"));
  t.teardown(() => other.close());
  for (const { event } of [told, untold]) {
    const movement = room.history.movement(event.id);
    if (movement) other.add(movement);
  }
  const again = await clipsOf({ ...room, options: { ...room.options, events: other } });
  t.strictSame(
    [told, untold, vanished, orphan].map(({ event }) => again.has(event.id)),
    [true, true, false, false],
  );
  t.equal(readdirSync(room.folder).length, 4, "two clips and their records");
  const since = (await room.told()).slice(before.length);
  t.match(
    since.map(({ event, status, reason }) => [event, status, reason]),
    [
      [vanished.event.id, "clip_deleted", "missing"],
      [untold.event.id, "clip_ready", null],
      [orphan.event.id, "clip_deleted", "event_deleted"],
    ],
  );
  t.equal(since[1]?.id, before[1]?.id, "what is told twice is told under one id");
});

t.test("another key opens nothing, and without one clips can still be deleted", async (t) => {
  const room = await openClips(t);
  const clips = await clipsOf(room);
  const [one, two] = [room.footage(1), room.footage(2)];
  await clips.add(one, MP4, "h264", "crop");
  await clips.add(two, MP4, "h264", "crop");
  const keyFile = join(room.directory, "other-key");
  await writeKey(keyFile);
  const locked = await clipsOf({ ...room, keyFile });
  await t.rejects(locked.mp4(one.event.id), { code: "CLIP_UNREADABLE", message: /other-key' is not the key/ });
  await locked.remove(one.event.id, "ada");
  const keyless = await clipsOf(room, { sealed: false });
  await t.rejects(keyless.mp4(two.event.id), { code: "CLIP_UNREADABLE", message: /set evidence.enabled/ });
  await keyless.remove(two.event.id, "ada");
  t.strictSame(readdirSync(room.folder), []);
});

t.test("what was changed on the disk is not shown", async (t) => {
  const room = await openClips(t);
  const clips = await clipsOf(room);
  const [one, two] = [room.footage(1), room.footage(2)];
  await clips.add(one, MP4, "h264", "crop");
  await clips.add(two, Buffer.from("another"), "h264", "crop");
  const file = (event: { id: string }) => join(room.folder, `${event.id}.mp4.age`);
  writeFileSync(file(one.event), readFileSync(file(two.event)));
  await t.rejects(clips.mp4(one.event.id), { code: "CLIP_UNREADABLE", message: /is not the one that was stored/ });
});

t.test("a full disk costs the clip, leaves nothing of it, and is deleted from all the same", async (t) => {
  const disk = SmallDisk.mount(t, 200);
  if (disk === undefined) return;
  const room = await openClips(t, {}, join(disk.directory, "state"));
  const clips = await clipsOf(room);
  const [one, two] = [room.footage(1), room.footage(2)];
  await clips.add(one, MP4, "h264", "crop");
  disk.fill();
  await t.rejects(clips.add(two, MP4, "h264", "crop"), { code: "ENOSPC" });
  t.equal(readdirSync(room.folder).length, 2);
  await clips.remove(one.event.id, "ada");
  t.strictSame(readdirSync(room.folder), []);
  t.match(
    (await room.told()).map(({ status }) => status),
    ["clip_ready", "clip_deleted"],
  );
  disk.free();
  t.ok(await clips.add(two, MP4, "h264", "crop"));
  t.ok(existsSync(join(room.folder, `${two.event.id}.mp4.age`)));
});
