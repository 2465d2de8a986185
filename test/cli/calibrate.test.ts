import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { openHistory, raised, reportOf, sampleSession, withheld } from "../support/history.js";

/** A history of sessions of an hour each, with movements of which every second is real, the surer the more evidence. */
function labelledHistory(t: Test, sessions: number, each: number): string {
  const directory = t.testdir({});
  const history = openHistory(directory);
  for (let s = 0; s < sessions; s++) {
    const session = sampleSession(s * 90);
    const startedMs = Date.parse(session.startedAt);
    history.beginSession(session);
    const span = {
      fromMs: startedMs,
      toMs: startedMs + 3_600_000,
      watchedMs: 3_600_000,
      judgedMs: 3_600_000,
      gaps: {},
    };
    history.addCoverage(session.id, span);
    for (let i = 1; i <= each; i++) {
      const real = i % 2 === 0;
      const evidence = (real ? 1 : -1) + i / each;
      const made = evidence > 0.8 ? raised(s * 1000 + i, session.id) : withheld(s * 1000 + i, session.id);
      const verdict = made.event ? ("event" as const) : ("little_evidence" as const);
      const movement = { ...made, atMs: startedMs + i, movement: { ...made.movement, verdict, evidence } };
      history.add(movement);
      history.label({ movement: movement.id, reviewer: "ada", decision: real ? "real" : "not_real" });
    }
    history.endSession(reportOf(session));
  }
  history.close();
  return directory;
}

const calibrate = (directory: string, ...args: string[]) =>
  spawnSync(process.execPath, ["dist/main.js", "calibrate", `--outbox.directory=${directory}`, ...args], {
    encoding: "utf8",
  });

t.test("labels are weighed, and the proposal is a configuration that holds", async (t) => {
  const directory = labelledHistory(t, 2, 20);
  const file = join(directory, "room.json");
  const { status, stdout, stderr } = calibrate(directory, "--max-false-per-hour=0", `--to=${file}`);
  t.equal(status, 0, stderr);
  t.match(stdout, /40 movements with a decision, of 2 sessions with 2.00 judged hours/);
  for (const name of ["strict", "balanced", "sensitive", "proposed", "proposed, left out"])
    t.match(stdout, `| ${name}`);
  const { recognition } = JSON.parse(readFileSync(file, "utf8"));
  t.ok(recognition.minEvidence > 0 && recognition.minEvidence <= 1.1, `${recognition.minEvidence} parts both`);
  const check = spawnSync(process.execPath, ["dist/main.js", "config", "check", "--config", file]);
  t.equal(check.status, 0);
  const json = JSON.parse(calibrate(directory, "--max-false-per-hour=0", "--json").stdout);
  t.match(json, { labels: 40, proposal: { chosen: { falseEvents: 0, recall: { value: 1 } } } });
});

t.test("from few labels nothing is proposed, and no file is written", async (t) => {
  const directory = labelledHistory(t, 1, 10);
  const file = join(directory, "room.json");
  t.match(calibrate(directory).stdout, /Nothing is proposed from fewer than 30 decisions/);
  const { status, stderr } = calibrate(directory, `--to=${file}`);
  t.equal(status, 1);
  t.match(stderr, /nothing is proposed/);
  t.notOk(existsSync(file));
});

t.test("a wish that is no number is refused", async (t) => {
  const { status, stderr } = calibrate(t.testdir({}), "--max-false-per-hour=few");
  t.equal(status, 1);
  t.match(stderr, /--max-false-per-hour takes a number, not 'few' \[USAGE\]/);
});
