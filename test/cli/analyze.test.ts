import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import t from "tap";
import { Flinch, flinch } from "../support/cli.js";
import { DEMO_VIDEO, EVERY_CANDIDATE, shortVideo } from "../support/demo.js";
import { until } from "../support/logs.js";

const video = await shortVideo(join(t.testdir(), "short.mp4"));

t.test("events and the motion signal are one JSON object a line", async (t) => {
  const { status, output, plain, log } = await flinch("analyze", video, "--signals", ...EVERY_CANDIDATE);
  t.same([status, plain], [0, []]);
  const lines = output.map((line) => JSON.parse(line) as Record<string, unknown>);
  const samples = lines.filter((line) => line["kind"] === "sample");
  t.ok(samples.length > 200, `${samples.length} samples`);
  t.match(samples[0], {
    face: 1,
    timeMs: Number,
    displacement: Array,
    change: Array,
    head: Array,
  });
  t.ok(lines.length > samples.length, "and events among them");
  t.match(log.at(-1), { level: "info", msg: "analysed" });
});

t.test("the log says what it is asked to, on standard error", async (t) => {
  const quiet = ["analyze", video, "--recognition.maxNone=0", "--recognition.providers=cpu"];
  const { output, log } = await flinch(...quiet, "--log.level=debug");
  t.same(output, [], "no class is left when 'none' may have no share");
  const refused = log.filter(({ msg }) => msg === "movement without event");
  for (const line of refused) t.match(line, { level: "debug", reason: /\S/, apexMs: Number, face: 1 });
  t.ok(refused.some(({ reason }) => reason === "none"));
  t.same((await flinch(...quiet, "--log.level=silent")).log, []);
});

t.test("a reader that has seen enough is no error", async (t) => {
  const command = `${process.execPath} dist/main.js analyze ${video} --signals --recognition.providers=cpu | head -1`;
  const child = spawn("bash", ["-o", "pipefail", "-c", command], { stdio: ["ignore", "pipe", "pipe"] });
  let [seen, said] = ["", ""];
  child.stdout.on("data", (chunk) => {
    seen += chunk;
  });
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const [status] = await once(child, "close");
  t.equal(status, 0);
  t.equal(JSON.parse(seen).kind, "sample");
  t.notMatch(said, /flinch: |EPIPE/);
});

t.test("an interrupted analysis ends at once, and not as if it were done", async (t) => {
  const analysis = new Flinch(["analyze", DEMO_VIDEO, "--signals", "--recognition.providers=cpu"]);
  t.teardown(() => analysis.dispose());
  await until(() => analysis.output.length > 10, 60_000);
  analysis.kill("SIGINT");
  t.equal(await analysis.ended, 1);
  t.ok(analysis.output.length < 1700, `${analysis.output.length} of 1800 frames`);
});
