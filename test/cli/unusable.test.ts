import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import t from "tap";
import { flinch } from "../support/cli.js";
import { shortVideo } from "../support/demo.js";
import { saidModels } from "../support/said.js";
import { refused } from "./support/refused.js";

const dir = t.testdir();
const file = (name: string) => join(dir, name);
const local = [`--outbox.directory=${file("outbox")}`, "--mqtt.embeddedPort=0", "--recognition.providers=cpu"];

t.test("a video that is missing, none, or cut off", async (t) => {
  await refused(t, ["analyze", file("none.mp4")], /none\.mp4.*\[SOURCE_NOT_FOUND\]/);
  writeFileSync(file("noise.mp4"), randomBytes(20_000));
  await refused(t, ["analyze", file("noise.mp4")], /noise\.mp4.*\[SOURCE_UNREADABLE\]/);
  await refused(t, ["bench", file("none.mp4")], /none\.mp4.*\[SOURCE_NOT_FOUND\]/);
  const run = ["run", "--source.kind=file", "--source.pace=fast", ...local];
  await refused(t, [...run, `--source.uri=${file("none.mp4")}`], /none\.mp4.*\[SOURCE_NOT_FOUND\]/);
  // No container that has its index at the end: that one would be no video at all.
  const whole = readFileSync(await shortVideo(file("whole.mkv"), 1));
  writeFileSync(file("cut.mkv"), whole.subarray(0, whole.length / 2));
  await refused(
    t,
    ["analyze", file("cut.mkv"), "--recognition.providers=cpu"],
    /cut\.mkv: .*shorter than it says.*\[SOURCE_UNREADABLE\]/,
  );
});

t.test("a model that is missing, changed or unknown, and a manifest that is none", async (t) => {
  const manifest = ["analyze", "demo/video.mp4", `--recognition.manifest=${file("manifest.json")}`];
  await refused(t, manifest, /manifest\.json.*ENOENT.*\[MODEL_MANIFEST\]/);
  writeFileSync(file("manifest.json"), "{");
  await refused(t, manifest, /manifest\.json.*\[MODEL_MANIFEST\]/);
  copyFileSync("models/manifest.json", file("manifest.json"));
  await refused(t, manifest, /'faceDetection' is missing: .*face_detection\.onnx.*\[MODEL_MISSING\]/);
  const { models } = JSON.parse(readFileSync("models/manifest.json", "utf8")) as {
    models: Record<string, { file: string }>;
  };
  for (const { file: name } of Object.values(models)) copyFileSync(`models/${name}`, file(name));
  await refused(
    t,
    [...manifest, "--recognition.model=hsta-huge"],
    /no model 'hsta-huge'; it has: .*hsta.*\[MODEL_MANIFEST\]/,
  );
  appendFileSync(file("motion.onnx"), "x");
  await refused(t, manifest, /'motion' is not the file.*sha256 [0-9a-f]{64}, expected [0-9a-f]{64}.*\[MODEL_HASH\]/);
});

t.test("a report that the model cannot give", async (t) => {
  const old = [`--recognition.manifest=${saidModels(file("old"), [])}`, ...local];
  const run = ["run", "--source.kind=file", "--source.uri=demo/video.mp4", ...old];
  await refused(t, [...run, "--recognition.report=action_units"], /recognition\.report action_units .*\[MODEL_HEAD\]/);
  await refused(t, ["analyze", "demo/video.mp4", ...old, "--recognition.attention"], /attention .*\[MODEL_HEAD\]/);
});

t.test("a provider that is not there, with none to fall back on", async (t) => {
  const { status, plain } = await flinch("analyze", "none.mp4", "--recognition.providers=tensorrt");
  t.equal(status, 1);
  const here = /SOURCE_NOT_FOUND/.test(plain[0] ?? "");
  t.match(plain[0], /add 'cpu'.*\[PROVIDER_UNAVAILABLE\]/, { skip: here && "this machine has TensorRT" });
});

t.test("an outbox or a state that cannot be written and a port that is taken", async (t) => {
  writeFileSync(file("plain"), "");
  const run = ["run", "--source.kind=file", "--source.uri=demo/video.mp4", "--recognition.providers=cpu"];
  const nowhere = [...run, "--mqtt.embeddedPort=0", `--outbox.directory=${file("plain")}/outbox`];
  await refused(t, nowhere, /outbox\.directory.*plain.*\[OUTBOX_UNWRITABLE\]/);
  const stateless = [...run, ...local, `--state.directory=${file("plain")}/state`];
  await refused(t, stateless, /state\.directory.*plain.*\[STATE_UNWRITABLE\]/);
  const server = createServer().listen(0, "127.0.0.1");
  t.teardown(() => server.close());
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const taken = [...run, `--mqtt.embeddedPort=${port}`, `--outbox.directory=${file("outbox")}`];
  await refused(t, taken, new RegExp(`mqtt\\.embeddedPort ${port} is taken.*\\[MQTT_CONFIG\\]`));
});
