import t, { type Test } from "tap";
import { DueTimes } from "../../src/daemon/due-times.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const at = (time: string) => Date.parse(time);

/** When something was due, looking as often as it wants from one time to another. */
function due(times: DueTimes, from: string, to: string): string[] {
  const found = [];
  for (let now = at(from); now <= at(to); now += times.everyMs) {
    if (times.isDue(now)) found.push(new Date(now).toISOString().slice(0, 16));
  }
  return found;
}

/** How long it takes to run something: a walk over 56 years takes minutes, and this a moment. */
function isQuick(t: Test, run: () => void, what: string) {
  const begin = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(begin);
  t.ok(user + system < 10e6, what);
}

t.test("at its times, in the time zone", async (t) => {
  t.same(due(new DueTimes("30 2 * * *", "Asia/Kolkata"), "2026-03-01T12:00Z", "2026-03-03T12:00Z"), [
    "2026-03-01T21:00",
    "2026-03-02T21:00",
  ]);
  t.equal(due(new DueTimes("*/20 * * * * *", "UTC"), "2026-03-01T12:00:01Z", "2026-03-01T12:01:00Z").length, 3);
});

t.test("what runs at a time runs once on the days when the clocks change", async (t) => {
  const early = new DueTimes("30 2 * * *", "Europe/Berlin");
  t.same(due(early, "2026-03-28T12:00Z", "2026-03-30T12:00Z"), ["2026-03-29T01:00", "2026-03-30T00:30"]);
  t.same(due(early, "2026-10-24T12:00Z", "2026-10-26T12:00Z"), ["2026-10-25T00:30", "2026-10-26T01:30"]);
});

t.test("what runs again and again goes on through the hour that comes twice", async (t) => {
  const half = new DueTimes("*/30 * * * *", "Europe/Berlin");
  t.same(due(half, "2026-10-24T23:45Z", "2026-10-25T02:10Z"), [
    "2026-10-25T00:00",
    "2026-10-25T00:30",
    "2026-10-25T01:00",
    "2026-10-25T01:30",
    "2026-10-25T02:00",
  ]);
  t.same(due(half, "2026-03-29T00:20Z", "2026-03-29T01:40Z"), [
    "2026-03-29T00:30",
    "2026-03-29T01:00",
    "2026-03-29T01:30",
  ]);
});

t.test("a clock that is set by years costs nothing, and nothing is made up for", async (t) => {
  for (const expression of ["* * * * *", "*/30 * * * * *", "17 3 * * *", "0 17 3 * * *"]) {
    const times = new DueTimes(expression, "Europe/Berlin");
    times.isDue(at("1970-01-01T00:00:10Z"));
    isQuick(t, () => t.equal(times.isDue(at("2026-11-28T20:00:07Z")), expression === "* * * * *"), expression);
    const next = due(times, "2026-11-28T02:16Z", "2026-11-28T02:18Z");
    t.ok(next.includes("2026-11-28T02:17"), `${expression}: goes on after a step back`);
  }
});

t.test("a look that comes late misses nothing of the last seconds, nor a time of the last hours", async (t) => {
  const often = new DueTimes("*/30 * * * * *", "UTC");
  often.isDue(at("2026-03-01T12:00:25Z"));
  t.ok(often.isDue(at("2026-03-01T12:00:33Z")));
  const daily = new DueTimes("17 3 * * *", "UTC");
  daily.isDue(at("2026-03-01T02:00:00Z"));
  t.ok(daily.isDue(at("2026-03-01T02:00:00Z") + 2 * HOUR));
  t.notOk(daily.isDue(at("2026-03-01T02:00:00Z") + 2 * HOUR + MINUTE));
  t.notOk(daily.isDue(at("2026-03-02T03:30:00Z")), "after more than three hours it is too late");
});
