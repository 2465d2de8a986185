import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { loadConfig } from "../../src/config/index.js";
import type { EvidenceMessage, Info, MicroExpressionEvent, State } from "../../src/contract/index.js";
import { evidenceCheck, writeKey } from "../../src/evidence/index.js";
import { Flinch, flinch } from "../support/cli.js";
import { shortVideo } from "../support/demo.js";
import { until } from "../support/logs.js";
import { conforms } from "../support/schemas.js";
import { SmallDisk } from "../support/small-disk.js";
import { watchedRoom } from "../support/watched-room.js";
import { picturesIn, probed } from "./support/pictures.js";

const dir = t.testdir();
const video = await shortVideo(join(dir, "short.mp4"));
const keyFile = join(dir, "evidence.key");
await writeKey(keyFile);

const CONSOLE = "--console.listen=127.0.0.1:0";
const ON = [
  ...["--evidence.enabled", "--evidence.purpose=Review of the method", "--evidence.retentionDays=7"],
  ...[`--evidence.keyFile=${keyFile}`, CONSOLE],
];
/** The bundled video's. */
const FRAME_MS = 1000 / 60;

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

async function asking(daemon: Flinch) {
  const url = String((await daemon.logged(/console listening/))["url"]);
  return (path: string, init: RequestInit = {}) =>
    fetch(new URL(path, url), { ...init, headers: { "X-Flinch": "1", ...init.headers } });
}

/** Files below a folder, with their content. */
function filesIn(folder: string): { readonly name: string; readonly content: Buffer; readonly mode: number }[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ name: path, content: readFileSync(path), mode: statSync(path).mode & 0o777 }));
}

t.test("every event of a recording has its clip, encrypted, and the console shows it", async (t) => {
  const room = await watchedRoom(t, video);
  const place = t.testdirName;
  const daemon = room.start("--source.loop=false", "--source.pace=fast", ...ON);
  t.equal(await daemon.ended, 0, daemon.plain.join("\n"));
  await until(() => room.told("availability").some((payload) => (payload as { status: string }).status === "stopped"));
  const events = room.told<MicroExpressionEvent>("event/micro_expression");
  const clips = room.told<EvidenceMessage>("event/evidence");
  t.ok(events.length > 0);
  t.match(room.told<Info>("info").at(-1)?.evidence, {
    content: "crop",
    purpose: "Review of the method",
    retentionDays: 7,
  });
  t.match(room.told<State>("state").at(-1)?.evidence, { kept: events.length, made: events.length, failed: 0 });
  t.strictSame(clips.map(({ event }) => event).sort(), events.map(({ id }) => id).sort());
  for (const clip of clips) t.equal(conforms("evidence", clip), "");
  const files = filesIn(join(place, "state/evidence"));
  t.equal(files.length, 2 * events.length);
  for (const { name, content, mode } of files) {
    t.equal(mode, 0o600);
    t.strictSame(picturesIn(content), name.endsWith(".age") ? ["age"] : []);
  }
  // Nothing but the clips themselves, encrypted, was written or told.
  const elsewhere = filesIn(place).filter(({ name }) => !name.endsWith(".age"));
  for (const { name, content } of elsewhere) t.strictSame(picturesIn(content), [], name);

  const serve = new Flinch(["console", "serve", `--outbox.directory=${place}/outbox`, "--device.id=room-1", ...ON], {
    FLINCH_STATE_DIRECTORY: join(place, "state"),
  });
  t.teardown(() => serve.dispose());
  const ask = await asking(serve);
  for (const { event, sha256: hash, frames, bytes, fromMs, toMs } of clips) {
    const found = events.find(({ id }) => id === event);
    if (found === undefined) throw new Error("every clip is of an event");
    t.match(await (await ask(`/api/movements/${event}`)).json(), { id: event, clip: true });
    const response = await ask(`/api/movements/${event}/clip`);
    t.match([response.status, response.headers.get("content-type")], [200, "video/mp4"]);
    t.equal(response.headers.get("cache-control"), "no-store");
    const mp4 = Buffer.from(await response.arrayBuffer());
    t.strictSame([sha256(mp4), mp4.length], [hash, bytes]);
    const seen = await probed(place, mp4);
    t.match(seen, { codec: "h264", width: 112, height: 112, frames });
    const [from = 0, to = 0] = [fromMs ?? 0, toMs ?? 0];
    t.ok(Math.abs(seen.durationMs - (to - from)) <= FRAME_MS + 1, `${seen.durationMs} ms of ${to - from}`);
    t.ok(Math.abs((frames ?? 0) - ((to - from) / FRAME_MS + 1)) <= 1, `${frames} frames`);
    t.ok(
      from - (found.onsetMs - 500) >= 0 && from - (found.onsetMs - 500) <= FRAME_MS,
      "half a second before the onset",
    );
    t.ok(
      found.offsetMs + 500 - to >= -1 && found.offsetMs + 500 - to <= FRAME_MS + 1,
      "half a second after the offset",
    );
    const part = await ask(`/api/movements/${event}/clip`, { headers: { Range: "bytes=10-19" } });
    t.equal(part.status, 206);
    t.ok(Buffer.from(await part.arrayBuffer()).equals(mp4.subarray(10, 20)));
  }
  const [first] = clips;
  const url = `/api/movements/${first?.event}/clip`;
  t.equal((await ask(url, { method: "DELETE" })).status, 204);
  t.equal((await ask(url)).status, 404);
  t.equal((await ask(url, { method: "DELETE" })).status, 404);
  t.match(await (await ask(`/api/movements/${first?.event}`)).json(), { clip: false });
  t.equal((await ask("/api/movements/5e1c3f0e-52a8-8a0f-9d3b-1d2f5e6a7b8c/clip")).status, 404);
  t.equal(filesIn(join(place, "state/evidence")).length, 2 * events.length - 2);
});

t.test("a session's clips go with it, and subscribers are told", async (t) => {
  const room = await watchedRoom(t, video);
  const place = t.testdirName;
  const daemon = room.start("--privacy.requireSession", ...ON, "--evidence.what=frame");
  const ask = await asking(daemon);
  const body = JSON.stringify({ subject: "p-1", consent: "form-1" });
  const json = { "Content-Type": "application/json" };
  const session = (await (await ask("/api/sessions", { method: "POST", body, headers: json })).json()) as {
    id: string;
  };
  await until(() => room.told("event/evidence").length > 0, 60_000);
  const [ready] = room.told<EvidenceMessage>("event/evidence");
  t.match(ready, { status: "clip_ready", session: session.id, content: "frame" });
  const response = await ask(`/api/movements/${ready?.event}/clip`);
  t.equal(response.status, 200, "while it is open");
  const mp4 = Buffer.from(await response.arrayBuffer());
  t.equal(sha256(mp4), ready?.sha256);
  const { width = 0, height = 0, frames } = await probed(place, mp4);
  t.equal(frames, ready?.frames);
  t.ok(width === height && width > 112 && width <= 320 && width % 2 === 0, `around the face: ${width} × ${height}`);
  await ask("/api/sessions/stop", { method: "POST" });
  const folder = join(place, "state/evidence");
  t.equal((await ask(`/api/sessions/${session.id}`, { method: "DELETE" })).status, 200);
  t.strictSame(readdirSync(folder), [], "when the answer comes, they are gone");
  await until(() => room.told<EvidenceMessage>("event/evidence").some(({ status }) => status === "clip_deleted"));
  const deleted = room.told<EvidenceMessage>("event/evidence").filter(({ status }) => status === "clip_deleted");
  t.match(deleted[0], { event: ready?.event, session: session.id, reason: "event_deleted", sha256: ready?.sha256 });
  daemon.kill("SIGTERM");
  t.equal(await daemon.ended, 0);
});

t.test("a full disk costs the clip, and the event is out", async (t) => {
  const disk = SmallDisk.mount(t, 2000);
  if (disk === undefined) return;
  const room = await watchedRoom(t, video);
  const daemon = room.start("--privacy.requireSession", ...ON, `--state.directory=${disk.directory}`);
  const ask = await asking(daemon);
  const body = JSON.stringify({ subject: "p-1", consent: "form-1" });
  await ask("/api/sessions", { method: "POST", body, headers: { "Content-Type": "application/json" } });
  disk.fill();
  await until(() => room.told("event/evidence").length > 0, 60_000);
  const [failed] = room.told<EvidenceMessage>("event/evidence");
  t.match(failed, { status: "clip_failed", reason: "disk", sha256: null });
  t.ok(room.told<MicroExpressionEvent>("event/micro_expression").some(({ id }) => id === failed?.event));
  disk.free();
});

t.test("what cannot work is refused at the start, in one line", async (t) => {
  const place = t.testdir();
  const run = (...args: string[]) =>
    flinch("run", "--source.kind=file", `--source.uri=${video}`, `--outbox.directory=${place}/outbox`, ...args);
  const refused = async (message: RegExp, ...args: string[]) => {
    const { status, plain, log } = await run(...args);
    t.equal(status, 1);
    t.match([...plain, ...log.map(({ msg }) => msg)].join("\n"), message);
  };
  await refused(/needs evidence.purpose .*evidence.retentionDays .*evidence.keyFile/, "--evidence.enabled", CONSOLE);
  await refused(/evidence.enabled needs the console/, ...ON.filter((arg) => arg !== CONSOLE));
  const inside = join(place, "outbox/key");
  await writeKey(inside);
  await refused(/lies in .*outbox, with what it protects/, ...ON, `--evidence.keyFile=${inside}`);
});

t.test("the doctor says whether clips can be made", async (t) => {
  const { output } = await flinch("doctor", "--source.kind=file", "--source.uri=none.mp4", ...ON);
  t.ok(output.some((line) => /^ok +evidence +crop of every event, 7 days, libx264, encrypted to age1/.test(line)));
  const result = async (...args: string[]) =>
    await evidenceCheck(loadConfig({ argv: [...ON, ...args] }).config)[0]
      ?.run()
      .catch((thrown: Error) => thrown.message);
  t.match(await result(), { status: "ok" });
  t.match(await result(`--evidence.keyFile=${keyFile}x`), /keyFile '.*' cannot be read/);
  t.match(await result("--evidence.encoder=nvmpi"), /ffmpeg has no H.264 encoder 'nvmpi'/);
  t.equal(await result("--evidence.enabled=false"), undefined);
});
