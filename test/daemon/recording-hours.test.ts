import t from "tap";
import { RecordingHours } from "../../src/daemon/recording-hours.js";

const at = (time: string) => Date.parse(time);
const office = { start: "0 8 * * 1-5", stop: "0 18 * * *", timezone: "Europe/Berlin" };

t.test("on between a start and a stop, whenever it is first asked", async (t) => {
  // In June Berlin is two hours ahead of UTC; the third is a Monday.
  for (const [time, on] of [
    ["2024-06-03T05:59:59Z", false],
    ["2024-06-03T06:00:00Z", true],
    ["2024-06-03T15:59:59Z", true],
    ["2024-06-03T16:00:00Z", false],
    ["2024-06-08T10:00:00Z", false],
    ["2024-06-09T10:00:00Z", false],
  ] as const) {
    t.equal(new RecordingHours(office).isOn(at(time)), on, time);
  }
  // In January one.
  t.equal(new RecordingHours(office).isOn(at("2024-01-08T06:59:59Z")), false);
  t.equal(new RecordingHours(office).isOn(at("2024-01-08T07:00:00Z")), true);
});

t.test("what was slept through is made up for, and a clock that is set back is believed", async (t) => {
  const hours = new RecordingHours(office);
  t.equal(hours.isOn(at("2024-06-03T10:00:00Z")), true);
  t.equal(hours.isOn(at("2024-06-03T10:00:30Z")), true);
  t.equal(hours.isOn(at("2024-06-03T20:17:00Z")), false);
  t.equal(hours.isOn(at("2024-06-04T09:00:00Z")), true);
  t.equal(hours.isOn(at("2024-06-03T05:00:00Z")), false);
});

t.test("through the night, and off where both fall on one minute", async (t) => {
  const night = { start: "0 22 * * *", stop: "0 6 * * *", timezone: "UTC" };
  t.equal(new RecordingHours(night).isOn(at("2024-06-03T02:00:00Z")), true);
  t.equal(new RecordingHours(night).isOn(at("2024-06-03T12:00:00Z")), false);
  const both = { start: "* * * * *", stop: "0 * * * *", timezone: "UTC" };
  t.equal(new RecordingHours(both).isOn(at("2024-06-03T12:00:00Z")), false);
  t.equal(new RecordingHours(both).isOn(at("2024-06-03T12:01:00Z")), true);
});

t.test("on the days when the clocks change", async (t) => {
  const early = { start: "30 2 * * *", stop: "0 12 * * *", timezone: "Europe/Berlin" };
  // 2:30 did not come on that day: the stop of the day before is the last word.
  t.equal(new RecordingHours(early).isOn(at("2024-03-31T00:59:00Z")), false);
  t.equal(new RecordingHours(early).isOn(at("2024-10-27T02:00:00Z")), true);
});

t.test("a clock that is set by years costs nothing, and a month counts as a month", async (t) => {
  const now = new Date();
  const month = (ahead: number) => ((now.getUTCMonth() + ahead + 12) % 12) + 1;
  const on = { start: `0 0 1 ${month(-2)} *`, stop: `0 0 1 ${month(2)} *`, timezone: "UTC" };
  const off = { start: on.stop, stop: on.start, timezone: "UTC" };
  for (const [hours, said] of [
    [new RecordingHours(on), true],
    [new RecordingHours(off), false],
  ] as const) {
    hours.isOn(at("1970-01-01T00:00:10Z"));
    const begin = process.cpuUsage();
    t.equal(hours.isOn(now.getTime()), said);
    const { user, system } = process.cpuUsage(begin);
    t.ok(user + system < 20e6, "a walk over 56 years takes minutes");
  }
});
