import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { SessionReport } from "../../src/contract/summary.js";
import { SessionStore, type SessionStoreOptions } from "../../src/sessions/index.js";
import { Logs, until } from "../support/logs.js";

const wish = { subject: "P-17", consent: "form/17" };
const T0 = Date.parse("2024-01-01T10:00:00.000Z");

/** SessionStores of one directory, one after the other, and a clock that stands still. */
function place(t: Test, changes: Partial<SessionStoreOptions> = {}) {
  const directory = join(t.testdir(), "state");
  const clock = { ms: T0 };
  const ended: SessionReport[] = [];
  const log = new Logs();
  const source = { captured: 0, dropped: 0 };
  const open = async () => {
    const sessions = await SessionStore.open({
      directory,
      maxHours: () => 8,
      log,
      defaults: () => ({ room: "room", purpose: "purpose" }),
      onEnd: async (report) => void ended.push(report),
      source: () => ({ ...source }),
      now: () => clock.ms,
      ...changes,
    });
    t.teardown(() => sessions.close());
    return sessions;
  };
  return { directory, clock, ended, log, source, open };
}

t.test("a session counts what happens in it, and ends with a report", async (t) => {
  const { clock, ended, log, source, open } = place(t);
  const sessions = await open();
  source.captured = 100;
  sessions.event(null, "fear");
  const { id, ...session } = await sessions.start({ ...wish, room: "elsewhere" });
  t.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4/);
  t.same(session, { ...wish, room: "elsewhere", purpose: "purpose", startedAt: "2024-01-01T10:00:00.000Z" });
  clock.ms += 61_000;
  source.captured = 160;
  source.dropped = 2;
  sessions.event(id, "surprise");
  sessions.event(null, "fear");
  sessions.suppressed("blink");
  const report = await sessions.stop();
  t.same(report, {
    session: id,
    ...session,
    endedAt: "2024-01-01T10:01:01.000Z",
    durationS: 61,
    reason: "request",
    events: 1,
    labels: { surprise: 1 },
    suppressed: { blink: 1 },
    timeline: { binS: 60, events: [0, 1] },
    frames: { captured: 60, dropped: 2 },
    watched: 0,
    coverage: 0,
    interruptions: 0,
  });
  t.same(ended, [report]);
  t.equal(sessions.current(), undefined);
  const day = await sessions.closeDay();
  t.match(day, { events: 3, labels: { fear: 2, surprise: 1 }, sessions: 1, frames: { captured: 160, dropped: 2 } });
  t.match(await sessions.closeDay(), { events: 0, sessions: 0, frames: { captured: 0 }, from: day.to });
  t.notMatch(log.lines.join(), /P-17|form/, "the log does not say who");
});

t.test("what is under way when a session ends is still its, and who watches is told of both ends", async (t) => {
  const told: unknown[] = [];
  const { open } = place(t, {
    settle: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      sessions.event(sessions.current()?.id ?? null, "fear");
    },
    onChange: () => told.push(sessions.current()?.id),
  });
  const sessions = await open();
  const { id } = await sessions.start(wish);
  const [report, same] = await Promise.all([sessions.stop(), sessions.stop()]);
  t.match(report, { session: id, events: 1, labels: { fear: 1 } });
  t.equal(same, report, "asked twice at once it ends once");
  sessions.event(id, "fear");
  t.equal(report.events, 1);
  t.same(told, [id, undefined]);
});

t.test("there is one session at a time, and none to end where none is open", async (t) => {
  const sessions = await place(t).open();
  await t.rejects(sessions.stop(), { code: "SESSION_NONE" });
  const { id } = await sessions.start(wish);
  await t.rejects(sessions.start(wish), { code: "SESSION_OPEN", message: new RegExp(`${id}.*session/stop`) });
  await sessions.stop();
  t.not((await sessions.start(wish)).id, id);
});

t.test("a movement belongs to the session in which it began", async (t) => {
  const sessions = await place(t).open();
  t.equal(sessions.sessionAt(T0), undefined);
  const { id } = await sessions.start(wish);
  t.equal(sessions.sessionAt(T0 - 1), undefined);
  t.equal(sessions.sessionAt(T0)?.id, id);
});

t.test("an open session survives a restart, with its counts", async (t) => {
  const { directory, clock, open } = place(t);
  const before = await open();
  const session = await before.start(wish);
  before.event(session.id, "fear");
  await before.close();
  t.equal(statSync(join(directory, "sessions.json")).mode & 0o777, 0o600);
  clock.ms += 1000;
  const after = await open();
  t.same(after.current(), session);
  t.match(await after.stop(), { session: session.id, events: 1, interruptions: 1, durationS: 1 });
  await after.close();
  t.equal((await open()).current(), undefined);
});

t.test("after a crash a session is still open", async (t) => {
  const { open } = place(t);
  const { id } = await (await open()).start(wish);
  t.equal((await open()).current()?.id, id);
});

t.test("a session that is too long ends by itself", async (t) => {
  const { ended, open } = place(t, { maxHours: () => 0.0001, now: Date.now });
  const sessions = await open();
  await sessions.start(wish);
  await until(() => ended.length === 1);
  t.match(ended[0], { reason: "max_length", durationS: 0.36 });
  await until(() => sessions.current() === undefined);
});

t.test("one whose time was over while the daemon was away ended then", async (t) => {
  const { clock, ended, open } = place(t);
  const before = await open();
  await before.start(wish);
  await before.close();
  clock.ms += 24 * 3_600_000;
  const after = await open();
  await until(() => ended.length === 1);
  t.match(ended[0], { reason: "max_length", durationS: 8 * 3600, endedAt: "2024-01-01T18:00:00.000Z" });
  t.equal(after.current(), undefined);
});

t.test("a session whose summary cannot be kept is not forgotten", async (t) => {
  let broken = true;
  const onEnd = async () => {
    if (broken) throw new Error("no room");
  };
  const sessions = await place(t, { onEnd }).open();
  const { id } = await sessions.start(wish);
  await t.rejects(sessions.stop(), /no room/);
  t.equal(sessions.current()?.id, id);
  broken = false;
  t.match(await sessions.stop(), { session: id });
});

t.test("a file of sessions that cannot be read is set aside, and said to be", async (t) => {
  const { directory, log, open } = place(t);
  await (await open()).close();
  const path = join(directory, "sessions.json");
  for (const content of ["{", "null", "[]", '{"version":2}']) {
    writeFileSync(path, content);
    const sessions = await open();
    t.equal(sessions.current(), undefined);
    t.equal(readFileSync(join(directory, "damaged", "sessions.json"), "utf8"), content);
    await sessions.close();
  }
  t.equal(log.count(/cannot be read; set aside/), 4);
});

t.test("a directory that cannot be used is told at the start", async (t) => {
  const { directory, open } = place(t);
  writeFileSync(directory, "");
  await t.rejects(open(), { code: "STATE_UNWRITABLE", message: /state\.directory .*make it writable/ });
});
