import t from "tap";
import { loadConfig } from "../../src/config/index.js";
import type { Detection } from "../../src/contract/event.js";
import { reportLevels } from "../../src/contract/statement.js";
import { buildPipeline, openModels } from "../../src/pipeline/assemble.js";
import type { NoEvent } from "../../src/pipeline/outcome.js";
import { contextTold } from "../../src/pipeline/statement.js";
import { AROUND, demoFrames } from "../support/demo.js";
import { said, saidModels } from "../support/said.js";

const models = [`--recognition.manifest=${saidModels(t.testdir())}`, "--recognition.providers=cpu"];
const configOf = (...argv: string[]) => loadConfig({ argv: [...models, ...argv] }).config;
const opened = await openModels(configOf());
t.teardown(() => opened.close());

/** A pipeline of its own for each of these settings, and what it raised. */
const watched = [
  ...reportLevels.map((report) => [`--recognition.report=${report}`, "--recognition.attention"]),
  ...reportLevels.map((report) => [`--recognition.report=${report}`, "--recognition.maxNone=0.12"]),
  [],
].map((argv) => {
  const events: Detection[] = [];
  const reasons: NoEvent[] = [];
  const pipeline = buildPipeline(configOf(...argv), opened, "test", {
    onDetection: (detection) => void events.push(detection),
    onNoEvent: (reason) => void reasons.push(reason),
  });
  return { argv, pipeline, events, reasons };
});
for await (const frame of demoFrames(AROUND.fromMs, AROUND.toMs)) {
  for (const { pipeline } of watched) await pipeline.process(frame);
  frame.image.release();
}
for (const { pipeline } of watched) await pipeline.end();

function outcomeOf(...argv: string[]) {
  const found = watched.find((run) => run.argv.join() === argv.join());
  if (found === undefined) throw new Error(`nothing was watched with ${argv.join(" ")}`);
  return found;
}
const eventsAt = (report: string) => outcomeOf(`--recognition.report=${report}`, "--recognition.attention").events;

/** What stands in an event whatever it may say. */
function common({ id, face, onsetMs, apexMs, offsetMs, none, spotting, context, model }: Detection) {
  return { id, face, onsetMs, apexMs, offsetMs, none, spotting, context, model };
}

t.test("every level raises the same events, with the same ids", async (t) => {
  const whole = eventsAt("emotion").map(common);
  t.ok(whole.length > 0);
  for (const report of reportLevels) t.strictSame(eventsAt(report).map(common), whole, report);
});

t.test("and says of them what the model's heads say, as far as it may", async (t) => {
  const { probabilities, valence } = said;
  const actionUnits = { ...said.actionUnits, AU4: 0.8125 };
  const attention = { shape: said.attention.shape, values: [0.5, 0.25, 0.125, 0.125] };
  const expected: Readonly<Record<string, object>> = {
    emotion: { label: "anger", confidence: 0.5, probabilities, valence, actionUnits, attention },
    valence: { label: "positive", confidence: 0.75, valence, attention },
    action_units: { actionUnits, attention },
    motion: {},
  };
  for (const report of reportLevels) {
    for (const event of eventsAt(report)) t.same(event, { ...common(event), report, ...expected[report] }, report);
  }
});

t.test("attention is shown to who asks for it", async (t) => {
  const { events } = outcomeOf();
  t.ok(events.length > 0);
  for (const event of events) t.match(event, { report: "emotion", attention: undefined });
});

t.test("the model's 'none' holds the same events back at every level", async (t) => {
  const held = reportLevels.map((report) => {
    const { events, reasons } = outcomeOf(`--recognition.report=${report}`, "--recognition.maxNone=0.12");
    t.strictSame(events, [], report);
    return reasons.filter((reason) => reason === "none").length;
  });
  t.ok((held[0] ?? 0) >= eventsAt("emotion").length);
  t.same(new Set(held).size, 1, `${held}`);
});

t.test("an event that may only say that the face moved says nothing of a smile", async (t) => {
  t.same(contextTold(["talking", "smiling"], "motion"), ["talking"]);
  for (const report of reportLevels.filter((level) => level !== "motion"))
    t.same(contextTold(["talking", "smiling"], report), ["talking", "smiling"], report);
});
