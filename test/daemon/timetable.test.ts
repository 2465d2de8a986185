import { existsSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { Gate } from "../../src/capture/gate.js";
import { loadConfig } from "../../src/config/index.js";
import { Timetable } from "../../src/daemon/timetable.js";
import { createLog } from "../../src/lib/log.js";
import { openHistory, raised, sampleSession, withheld } from "../support/history.js";
import { until } from "../support/logs.js";
import { openOutbox } from "../support/outbox.js";

t.test(
  "what could not be read is kept for a while, and what happens by the clock goes on until it is stopped",
  async (t) => {
    const directory = t.testdir();
    const argv = [
      `--outbox.directory=${join(directory, "outbox")}`,
      `--state.directory=${join(directory, "state")}`,
      "--schedule.retention=* * * * * *",
      "--schedule.summary=* * * * * *",
      "--schedule.heartbeat=* * * * * *",
      "--privacy.retentionDays=30",
    ];
    const { config } = loadConfig({ argv });
    // A clip is one that an earlier configuration left.
    const places = ["outbox/corrupt/a.db", "state/damaged/sessions.json", "state/evidence/a.mp4.age"];
    const old = places.map((place) => join(directory, place));
    const young = join(directory, "state/damaged/remote-config.json");
    for (const path of [...old, young]) {
      mkdirSync(join(path, ".."), { recursive: true });
      writeFileSync(path, "{");
    }
    for (const path of old) utimesSync(path, new Date("2020-01-01"), new Date("2020-01-01"));
    const outbox = await openOutbox(config.outbox.directory);
    t.teardown(() => outbox.close());
    const earlier = openHistory(config.outbox.directory, { now: () => Date.now() - 31 * 24 * 3600 * 1000 });
    const session = sampleSession();
    earlier.beginSession(session);
    earlier.add(raised(1, session.id));
    earlier.add(withheld(2));
    earlier.close();
    const history = openHistory(config.outbox.directory);
    t.teardown(() => history.close());
    history.beginSession(sampleSession(1));
    history.add(withheld(3));
    let [beats, summaries] = [0, 0];
    const timetable = new Timetable({
      config,
      log: createLog("silent"),
      outbox,
      history,
      gate: new Gate(),
      publishState: () => void beats++,
      summarise: async () => void summaries++,
    });
    timetable.follow(config);
    await until(() => !old.some((path) => existsSync(path)) && beats > 0 && summaries > 0);
    t.ok(existsSync(young));
    await until(() => history.session(session.id)?.deletion?.reason === "retention");
    t.match(history.movements({ limit: 9 }), [{ movement: { apexMs: 3000 } }]);

    // At other times from now on, and no longer at those of before.
    timetable.follow(loadConfig({ argv: [...argv, "--schedule.heartbeat=0 0 1 1 *"] }).config);
    const before = beats;
    await new Promise((resolve) => setTimeout(resolve, 1100));
    t.equal(beats, before);
    await timetable.stop();
    const told = [beats, summaries];
    await new Promise((resolve) => setTimeout(resolve, 1100));
    t.same([beats, summaries], told);
  },
);

t.test("outside of its hours nothing is watched, from the beginning on", async (t) => {
  const directory = t.testdir();
  const argv = [
    `--state.directory=${directory}`,
    // On at one minute of a year, off at the next: not now, unless now is that minute.
    "--schedule.recording.start=0 0 1 1 *",
    "--schedule.recording.stop=1 0 1 1 *",
  ];
  const { config } = loadConfig({ argv });
  const outbox = await openOutbox(t.testdir());
  t.teardown(() => outbox.close());
  const gate = new Gate();
  const log = createLog("silent");
  const timetable = new Timetable({ config, log, outbox, gate, publishState: () => {}, summarise: async () => {} });
  t.teardown(() => timetable.stop());
  t.same(gate.pauses, ["outside_hours"]);
});

t.test("clips are deleted after the history, which says how old their events are", async (t) => {
  const directory = t.testdir();
  const argv = [`--state.directory=${directory}`, "--schedule.retention=* * * * * *", "--privacy.retentionDays=30"];
  const { config } = loadConfig({ argv });
  const outbox = await openOutbox(join(directory, "outbox"));
  t.teardown(() => outbox.close());
  const done: string[] = [];
  const timetable = new Timetable({
    ...{ config, log: createLog("silent"), outbox, gate: new Gate() },
    history: {
      expire: (days) => {
        done.push(`history ${days}`);
        return { sessions: 0, movements: 0, events: 0, labels: 0, clips: 0 };
      },
    },
    expireClips: async () => done.push("clips"),
    publishState: () => {},
    summarise: async () => {},
  });
  t.teardown(() => timetable.stop());
  await until(() => done.length >= 2);
  t.strictSame(done.slice(0, 2), ["history 30", "clips"]);
});
