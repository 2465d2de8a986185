import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import t, { type Test } from "tap";
import { hashPassword, writeUser } from "../../src/console/index.js";
import { until } from "../support/logs.js";
import { openRoom, type Room, sending } from "./support/room.js";

/** A browser that asks for the live view and reads it only when told. */
async function follow(
  t: Test,
  room: Room,
  reads: boolean,
  cookie = "",
): Promise<{ socket: Socket; text: () => string }> {
  const { hostname, port, host } = new URL(room.url);
  const socket = connect(Number(port), hostname);
  t.teardown(() => socket.destroy());
  socket.on("error", () => undefined);
  await once(socket, "connect");
  let text = "";
  if (reads) socket.setEncoding("utf8").on("data", (part: string) => (text += part));
  else socket.pause();
  socket.write(`GET /api/live HTTP/1.1\r\nHost: ${host}\r\nX-Flinch: 1\r\nCookie: ${cookie}\r\n\r\n`);
  return { socket, text: () => text };
}

const followers = async (room: Room) => ((await (await room.ask("/api/state")).json()) as { feed: FeedStats }).feed;

interface FeedStats {
  readonly clients: number;
  readonly thinned: number;
  readonly dropped: number;
}

const sampleAt = (timeMs: number) => ({
  sample: {
    timeMs,
    displacement: new Float64Array(14).fill(timeMs % 10),
    change: new Float64Array(7),
    head: new Float64Array(4),
  },
  observation: {} as never,
});

t.test("what the pipeline sees arrives, 25 times a second at most", async (t) => {
  const room = await openRoom(t);
  const browser = await follow(t, room, true);
  await until(() => browser.text().includes("event: welcome"));
  const { listener } = room.console.live;
  for (let timeMs = 0; timeMs < 1000; timeMs += 5) {
    listener.onSample(1, sampleAt(timeMs));
    listener.onSignal(1, { timeMs, score: timeMs === 500 ? 0.9 : 0.1, group: "brows" });
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await until(() => browser.text().includes('"score":0.9'));
  const ticks = browser.text().split("event: motion").length - 1;
  t.ok(ticks > 2 && ticks < 200, `200 samples make ${ticks} messages`);
  t.match(browser.text(), /content-security-policy/i, "with the headers of every other answer");
});

t.test("a hundred browsers that do not read are dropped, and one that reads misses nothing", async (t) => {
  const room = await openRoom(t);
  const reader = await follow(t, room, true);
  await Promise.all(Array.from({ length: 100 }, () => follow(t, room, false)));
  await until(async () => (await followers(room)).clients === 101);
  const movement = (i: number) => ({
    face: 1,
    verdict: "blink" as const,
    context: [],
    spotted: { kind: "suppressed" as const, reason: "blink" as const, apexMs: i, score: 0.5 },
  });
  const filler = Array.from({ length: 3000 }, (_, i) => ({ name: `region-${i}`, displacement: i }));
  let sent = 0;
  // As much as it takes to fill what the kernel holds for each of them, and the megabyte beyond.
  while ((await followers(room)).dropped < 100 && sent < 2000) {
    for (let i = 0; i < 2; i++, sent++) {
      const spotted = {
        ...movement(sent).spotted,
        movement: { onsetMs: sent, apexMs: sent, offsetMs: sent, score: 0.5, regions: filler },
      };
      room.console.live.listener.onOutcome({ ...movement(sent), spotted });
    }
  }
  const { dropped, clients } = await followers(room);
  t.equal(dropped, 100);
  t.equal(clients, 1);
  await until(() => reader.text().split("event: movement").length - 1 === sent, 20_000);
  t.pass(`the reader has all ${sent}`);
});

t.test("there are as many tabs as configured, and no more", async (t) => {
  const room = await openRoom(t, { maxClients: 2 });
  await follow(t, room, true);
  await follow(t, room, true);
  await until(async () => (await followers(room)).clients === 2);
  const third = await room.ask("/api/live");
  t.equal(third.status, 503);
  t.match(await third.json(), { error: { message: /console\.maxClients/ } });
});

t.test("who is taken out of the file sees no more of the live view", async (t) => {
  const usersFile = join(t.testdir({}), "users");
  await writeUser(usersFile, { name: "ada", role: "view", hash: await hashPassword("correct horse battery") });
  const room = await openRoom(t, { usersFile });
  const login = sending("POST", { name: "ada", password: "correct horse battery" });
  const cookie = (await room.ask("/api/login", login)).headers.get("set-cookie")?.split(";")[0] ?? "";
  const browser = await follow(t, room, true, cookie);
  await until(() => browser.text().includes("event: state"));
  writeFileSync(usersFile, "");
  await once(browser.socket, "end");
  t.pass("its stream ends");
});

t.test("nobody watches: nothing is collected", async (t) => {
  const room = await openRoom(t);
  room.console.live.listener.onSample(1, sampleAt(1));
  const browser = await follow(t, room, true);
  await until(() => browser.text().includes("event: welcome"));
  await new Promise((resolve) => setTimeout(resolve, 100));
  t.notMatch(browser.text(), "event: motion");
});
