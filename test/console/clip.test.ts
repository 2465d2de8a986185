/// <reference lib="dom" />
import { join } from "node:path";
import t, { type Test } from "tap";
import { type ConsoleParts, hashPassword, roles, writeUser } from "../../src/console/index.js";
import { findEncoder } from "../../src/evidence/index.js";
import { FlinchError } from "../../src/lib/errors.js";
import { greys } from "../evidence/support/pictures.js";
import { openBrowser, openTab } from "../support/browser.js";
import { raised } from "../support/history.js";
import { openRoom, sending } from "./support/room.js";

const encoder = await findEncoder("x264", "crop");
const mp4 = await encoder.encode({
  side: 112,
  stills: greys(
    112,
    Array.from({ length: 36 }, (_, i) => i * 33.3),
  ),
});

/** A clip of this event, and who has asked for what. */
function clipOf(id: string, role: "review" | "operate" = "review") {
  const said: string[] = [];
  let there = true;
  const kept: NonNullable<ConsoleParts["clips"]>["kept"] = {
    has: (event) => there && event === id,
    mp4: async (event) => {
      if (!kept.has(event)) throw new FlinchError("NOT_FOUND", "there is no clip");
      return mp4;
    },
    remove: async (event, by) => {
      if (!kept.has(event)) throw new FlinchError("NOT_FOUND", "there is no clip");
      there = false;
      said.push(`${by} removes`);
    },
    sweep: async () => void said.push("sweep"),
  };
  return { clips: { kept, role }, said };
}

async function guarded(t: Test, role: "review" | "operate") {
  const usersFile = join(t.testdir({}), "users");
  const hash = await hashPassword("correct horse battery");
  for (const each of roles) await writeUser(usersFile, { name: `the-${each}`, role: each, hash });
  const movement = raised(1);
  const { clips, said } = clipOf(movement.id, role);
  const room = await openRoom(t, { usersFile }, false, clips);
  room.history.add(movement);
  const as = async (name: string) => {
    const login = await room.ask("/api/login", sending("POST", { name, password: "correct horse battery" }));
    const cookie = (login.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const ask = (path: string, init: RequestInit = {}) =>
      room.ask(path, { ...init, headers: { cookie, ...init.headers } });
    const url = `/api/movements/${movement.id}`;
    return {
      clip: async () => ((await (await ask(url)).json()) as { clip: boolean }).clip,
      get: async (headers: Record<string, string> = {}) => await ask(`${url}/clip`, { headers }),
      remove: async () => (await ask(`${url}/clip`, { method: "DELETE" })).status,
    };
  };
  return { as, said, log: room.log };
}

t.test("a clip is for those who review, and every look at one is logged", async (t) => {
  const { as, said, log } = await guarded(t, "review");
  const viewer = await as("the-view");
  t.same([await viewer.clip(), (await viewer.get()).status, await viewer.remove()], [false, 403, 403]);
  t.equal(log.count(/a clip is looked at/), 0);
  const reviewer = await as("the-review");
  t.same([await reviewer.clip(), (await reviewer.get()).status, await reviewer.remove()], [true, 200, 403]);
  t.equal(log.count(/a clip is looked at/), 1);
  const operator = await as("the-operate");
  t.same([await operator.remove(), await operator.clip(), (await operator.get()).status], [204, false, 404]);
  t.strictSame(said, ["the-operate removes"]);
});

t.test("evidence.role can ask for more", async (t) => {
  const { as } = await guarded(t, "operate");
  const reviewer = await as("the-review");
  t.same([await reviewer.clip(), (await reviewer.get()).status], [false, 403]);
  const operator = await as("the-operate");
  t.same([await operator.clip(), (await operator.get()).status], [true, 200]);
});

t.test("a part of a clip is sent for what a browser asks, and the whole for what makes no sense", async (t) => {
  const { as } = await guarded(t, "review");
  const { get } = await as("the-review");
  const part = async (range: string) => {
    const response = await get({ Range: range });
    const body = Buffer.from(await response.arrayBuffer());
    t.equal(response.headers.get("cache-control"), "no-store");
    return [response.status, response.headers.get("content-range"), body.length];
  };
  const { length } = mp4;
  t.strictSame(await part("bytes=0-"), [206, `bytes 0-${length - 1}/${length}`, length]);
  t.strictSame(await part("bytes=100-199"), [206, `bytes 100-199/${length}`, 100]);
  t.strictSame(await part(`bytes=100-${length + 5}`), [206, `bytes 100-${length - 1}/${length}`, length - 100]);
  for (const odd of ["bytes=5-3", `bytes=${length}-`, "bytes=-5", "bytes=0-1,5-6", "lines=1-2"])
    t.strictSame(await part(odd), [200, null, length], odd);
});

t.test("a deleted session takes its clips along before the answer comes", async (t) => {
  const { clips, said } = clipOf("");
  const room = await openRoom(t, {}, false, clips);
  await room.ask("/api/sessions", sending("POST", { subject: "p-1", consent: "c-1" }));
  const open = room.daemon.open?.id;
  await room.ask("/api/sessions/stop", { method: "POST" });
  t.equal((await room.ask(`/api/sessions/${open}`, { method: "DELETE" })).status, 200);
  t.strictSame(said, ["sweep"]);
});

t.test("the page of a movement plays its clip", async (t) => {
  const browser = await openBrowser(t);
  const [filmed, other] = [raised(2000), raised(1000)];
  const { clips } = clipOf(filmed.id);
  const room = await openRoom(t, {}, false, clips);
  room.history.add(filmed);
  room.history.add(other);
  const { page, foreign, complaints } = await openTab(t, browser, `${room.url}#/review`);
  const video = page.locator("article video");
  await page.getByText("Is it a micro-expression?").waitFor();
  await video.waitFor();
  const played = await video.evaluate(async (element: HTMLVideoElement) => {
    await element.play();
    while (element.currentTime === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const { duration, loop, muted, videoWidth } = element;
    return { duration: Math.round(duration * 10) / 10, loop, muted, videoWidth };
  });
  t.strictSame(played, { duration: 1.2, loop: true, muted: true, videoWidth: 112 });
  await page.keyboard.press("r");
  await video.waitFor({ state: "detached" });
  t.strictSame([foreign, complaints], [[], []]);
});
