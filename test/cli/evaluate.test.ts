import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { Evaluation } from "../../src/evaluation/evaluate.js";
import { flinch } from "../support/cli.js";
import { AROUND, demoActs, shortVideo } from "../support/demo.js";
import { refused } from "./support/refused.js";

const dir = t.testdir({ empty: {}, bad: { broken: { "truth.json": "{}", "video.mp4": "" } } });
const interviews = join(dir, "interviews");
mkdirSync(join(interviews, "short-60"), { recursive: true });
await shortVideo(join(interviews, "short-60", "video.mp4"));
const events = demoActs
  .filter(({ onsetMs, offsetMs }) => onsetMs > AROUND.fromMs && offsetMs < AROUND.toMs)
  .map((act) => ({
    ...act,
    onsetMs: act.onsetMs - AROUND.fromMs,
    apexMs: act.apexMs - AROUND.fromMs,
    offsetMs: act.offsetMs - AROUND.fromMs,
  }));
const truth = { fps: 60, durationMs: AROUND.toMs - AROUND.fromMs, events };
writeFileSync(join(interviews, "short-60", "truth.json"), JSON.stringify(truth));
const local = "--recognition.providers=cpu";

t.test("scores are printed as JSON, the published spotters' among them", async (t) => {
  const { status, output, plain } = await flinch("evaluate", interviews, interviews, "--json", local);
  t.same([status, plain, output.length], [0, [], 1]);
  const { rates, all, baselines } = JSON.parse(output[0] ?? "") as Evaluation;
  t.same(
    rates.map(({ rate, videos }) => [rate, videos]),
    [["60", 1]],
  );
  // The other one comes before the face has been in view for as long as the spotter looks back.
  t.match(all.events, { expressions: 2, found: 1, precision: 1, recall: 0.5, falsePerHour: 0 });
  t.ok(all.events.apexErrorMs < 60, `apex off by ${all.events.apexErrorMs} ms`);
  t.ok(all.coverage > 0.9 && all.coverage <= 1, `coverage ${all.coverage}`);
  t.match(all, { extraTracks: 0, identitySwitches: 0, recognition: { valence: { count: 1 } } });
  t.same(baselines.map(({ name }) => name).sort(), ["frame-difference", "lbp", "mdmd"]);
  for (const { score } of baselines) t.equal(score.expressions, 2);
});

t.test("scores are printed as tables; however little events may say in a room", async (t) => {
  const { status, output } = await flinch("evaluate", interviews, "--recognition.report=motion", local);
  t.equal(status, 0);
  t.match(output.join("\n"), /Events \(verified by HSTA\), simulated video[\s\S]*\| 60 +\| 2 +\| 1 [\s\S]*Turned down/);
  t.notMatch(output.join("\n"), /lbp/);
});

t.test("a folder that holds no interview is refused", async (t) => {
  await refused(t, ["evaluate"], /argument 'DIR'; usage: flinch evaluate .*\[USAGE\]/);
  await refused(
    t,
    ["evaluate", join(dir, "empty"), local],
    /no folder in it holds video\.mp4 and truth\.json.*\[USAGE\]/,
  );
  await refused(t, ["evaluate", join(dir, "none"), local], /none.*\[USAGE\]/);
  await refused(
    t,
    ["evaluate", join(dir, "bad"), local],
    /truth\.json: no truth of a simulated video.*\[SOURCE_UNREADABLE\]/,
  );
});
