import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { State } from "../../src/contract/state.js";
import type { DailySummary } from "../../src/contract/summary.js";
import { Flinch } from "../support/cli.js";
import { EVERY_CANDIDATE, shortVideo } from "../support/demo.js";
import { type Message, Mosquitto, Subscriber } from "../support/mosquitto.js";
import { conforms } from "../support/schemas.js";

const dir = t.testdir();
const video = await shortVideo(join(dir, "short.mp4"));

/** A clock that can be set while the daemon runs; its timers go on as they do. */
function clockFrom(file: string, time: string) {
  const set = (to: string) => writeFileSync(file, `${to}\n`);
  set(time);
  // the loader knows $LIB
  const environment = {
    LD_PRELOAD: "/usr/$LIB/faketime/libfaketimeMT.so.1",
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_CACHE_DURATION: "1",
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
    FAKETIME_DONT_RESET: "1",
  };
  return { set, environment };
}

async function watching(t: Test, args: string[], environment: Record<string, string> = {}) {
  const broker = await Mosquitto.start();
  t.teardown(() => broker.stop());
  const subscriber = new Subscriber(broker.port, "flinch/#");
  t.teardown(() => subscriber.close());
  await subscriber.ready();
  const source = ["--source.kind=file", `--source.uri=${video}`, "--source.loop", "--device.id=room-1"];
  const place = [`--outbox.directory=${join(dir, t.name.replaceAll(/\W+/g, "-"))}`, `--mqtt.url=${broker.url}`];
  const daemon = new Flinch(["run", ...source, ...place, ...EVERY_CANDIDATE, ...args], environment);
  t.teardown(() => daemon.dispose());
  return { daemon, subscriber };
}

t.test("outside of the recording hours the source is closed, and the state says so", async (t) => {
  // A minute a year, and never this one.
  const month = ((new Date().getUTCMonth() + 6) % 12) + 1;
  const hours = [`--schedule.recording.start=0 0 1 ${month} *`, `--schedule.recording.stop=1 0 1 ${month} *`];
  const { daemon, subscriber } = await watching(t, [...hours, "--schedule.heartbeat=* * * * * *"]);
  await daemon.logged(/^paused: the source is closed$/);
  const states = () => subscriber.messages.filter(({ topic }) => topic.endsWith("/state"));
  await subscriber.message(() => states().length >= 3, 30_000);
  const last = states().at(-1)?.payload as unknown as State | undefined;
  t.match(last, { source: { status: "paused", captured: 0 }, pauses: ["outside_hours"] });
  daemon.kill("SIGTERM");
  t.same([await daemon.ended, daemon.plain], [0, []]);
  t.notOk(daemon.log.some(({ msg }) => msg === "watching"));
});

t.test("a summary says what was counted since the one before", async (t) => {
  const { daemon, subscriber } = await watching(t, ["--schedule.summary=*/2 * * * * *"]);
  const summaries = () =>
    subscriber.messages
      .filter(({ topic }) => topic.endsWith("/event/daily_summary"))
      .map(({ payload }) => payload as unknown as DailySummary);
  const told = (message: Message) =>
    message.topic.endsWith("/event/daily_summary") && Number(message.payload["events"]) > 0;
  const { payload } = await subscriber.message(told, 60_000);
  t.equal(conforms("daily_summary", payload), "");
  t.match(payload, { device: "room-1", sessions: 0, interruptions: 0 });
  for (const [i, { from }] of summaries().entries()) if (i > 0) t.equal(from, summaries()[i - 1]?.to);
  daemon.kill("SIGTERM");
  t.equal(await daemon.ended, 0);
});

t.test("a clock that is set by decades, ahead or back, stops nothing", async (t) => {
  const clock = clockFrom(join(dir, "clock"), "@1970-01-01 00:00:10");
  const often = ["--schedule.heartbeat=* * * * * *", "--schedule.recording.start=* * * * *"];
  const never = "--schedule.recording.stop=59 23 29 2 *";
  const { daemon, subscriber } = await watching(t, [...often, never], clock.environment);
  const goesOn = async (year: string) => {
    const before = subscriber.messages.length;
    const later = ({ topic, payload }: Message) => topic.endsWith("/state") && String(payload["at"]).startsWith(year);
    await subscriber.message(later, 20_000);
    await subscriber.message(() => subscriber.messages.slice(before).filter(later).length >= 3, 20_000);
  };
  await goesOn("1970");
  clock.set("@2026-11-28 12:00:00");
  await goesOn("2026");
  clock.set("@2024-02-29 12:00:00");
  await goesOn("2024");
  daemon.kill("SIGTERM");
  t.equal(await daemon.ended, 0);
});
