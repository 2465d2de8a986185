import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { flinch } from "../support/cli.js";
import { shortVideo } from "../support/demo.js";
import { refused } from "./support/refused.js";

const video = await shortVideo(join(t.testdir(), "short.mp4"));

t.test("- is standard input, and gives what the file gives", async (t) => {
  const temporary = t.testdir();
  const args = ["dist/main.js", "analyze", "-", "--signals", "--log.level=error"];
  const options = { input: readFileSync(video), encoding: "utf8", env: { ...process.env, TMPDIR: temporary } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { ...options, maxBuffer: 1e9 });
  t.same([status, stderr], [0, ""]);
  const { output } = await flinch("analyze", video, "--signals", "--log.level=error");
  const samples = (lines: readonly string[]) => lines.filter((line) => line.includes('"kind":"sample"'));
  t.ok(samples(output).length > 10);
  t.same(samples(stdout.split("\n")), samples(output));
  t.equal(
    spawnSync("ls", ["-A", temporary], { encoding: "utf8" }).stdout,
    "",
    "nothing is left, of it or of ONNX Runtime",
  );
});

t.test("what is no file is refused, with what to do", async (t) => {
  await refused(
    t,
    ["analyze", "rtsp://me:secret@host/x"],
    /rtsp:\/\/\*\*\*@host\/x is a stream.*flinch run .*\[USAGE\]/,
  );
  await refused(t, ["analyze", "-", "--out", "results"], /standard input \(-\) has no name.*\[USAGE\]/);
});
