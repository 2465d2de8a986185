import { join } from "node:path";
import t, { type Test } from "tap";
import { Flinch } from "../support/cli.js";
import { shortVideo } from "../support/demo.js";
import { Mosquitto, Subscriber } from "../support/mosquitto.js";
import { said, saidModels } from "../support/said.js";
import { conforms } from "../support/schemas.js";

const dir = t.testdir();
const video = await shortVideo(join(dir, "short.mp4"));
const manifest = saidModels(join(dir, "models"));

/** Everything that a run tells anybody, over MQTT and in its log. */
async function run(t: Test, report: string) {
  const broker = await Mosquitto.start();
  t.teardown(() => broker.stop());
  const subscriber = new Subscriber(broker.port, "flinch/#");
  t.teardown(() => subscriber.close());
  const source = ["--source.kind=file", `--source.uri=${video}`, "--source.pace=fast", "--recognition.providers=cpu"];
  const place = [`--outbox.directory=${join(dir, report)}`, `--mqtt.url=${broker.url}`];
  const level = [`--recognition.manifest=${manifest}`, `--recognition.report=${report}`, "--recognition.attention"];
  const daemon = new Flinch(["run", ...source, ...place, ...level, "--log.level=debug"]);
  t.teardown(() => daemon.dispose());
  t.same([await daemon.ended, daemon.plain], [0, []]);
  await subscriber.message(({ payload }) => payload["status"] === "stopped");
  const named = (name: string) => {
    return subscriber.messages.filter(({ topic }) => topic.endsWith(`/${name}`)).map(({ payload }) => payload);
  };
  const logged = (message: string) => daemon.log.find(({ msg }) => msg === message);
  return { log: daemon.log, logged, messages: subscriber.messages, named, events: named("event/micro_expression") };
}

/** What a text says of an expression beyond that and how a face moved. */
function saysOf(told: unknown): string[] {
  const keys = ["attention", "label", "confidence", "probabilities", "valence", "actionUnits"];
  const words = [...Object.keys(said.probabilities), ...Object.keys(said.valence), ...keys];
  const text = JSON.stringify(told);
  const found = words.filter((word) => word !== "none" && text.includes(`"${word}"`));
  return [...found, ...(text.match(/\bAU\d+/g) ?? [])];
}

let ids: unknown[] = [];

t.test("at the level of motion nobody is told what a face meant or which muscle moved", async (t) => {
  const { log, logged, messages, named, events } = await run(t, "motion");
  t.ok(events.length > 0);
  for (const { topic, payload } of messages) {
    t.equal(conforms(String(payload["schema"]).split("/")[1] ?? "", payload), "", topic);
    // The configuration has a key of that name, and says nothing of a face.
    if (!topic.endsWith("/config/reported")) t.strictSame(saysOf(payload), [], topic);
  }
  t.strictSame(saysOf(log), []);
  t.match(logged("models ready"), { report: "motion", says: [] });
  t.match(named("info")[0], { report: "motion", capabilities: ["micro_expression"] });
  ids = events.map(({ id }) => id);
  t.match(logged("event"), { level: "info", report: "motion", id: ids[0] });
});

t.test("where an event may say it the same words do stand there, under the same ids", async (t) => {
  const { logged, named, events } = await run(t, "emotion");
  t.strictSame(
    events.map(({ id }) => id),
    ids,
  );
  for (const event of events) {
    t.equal(conforms("micro_expression", event), "");
    const says = saysOf(event);
    for (const word of ["anger", "positive", "AU4", "attention", "label"]) t.ok(says.includes(word), word);
  }
  t.match(logged("event"), { label: "anger", confidence: 0.5, report: "emotion" });
  for (const state of named("state")) t.strictSame(saysOf(state), [], "the state tells counts alone");
  const { capabilities } = named("info")[0] ?? {};
  t.strictSame(capabilities, ["micro_expression", "emotion", "valence", "action_units", "attention"]);
});
