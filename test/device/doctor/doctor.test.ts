import { createHash } from "node:crypto";
import { join } from "node:path";
import t from "tap";
import { Board } from "../../../src/device/board/board.js";
import { boardCheck, pipelineCheck } from "../../../src/device/doctor/board.js";
import { writableCheck } from "../../../src/device/doctor/disk.js";
import { jetpackOf, jetsonCheck, parseL4tRelease } from "../../../src/device/doctor/jetson.js";
import { modelsCheck } from "../../../src/device/doctor/models.js";
import { renderResults, renderResultsJson } from "../../../src/device/doctor/render.js";
import { nodeCheck, opencvCheck } from "../../../src/device/doctor/runtime.js";
import { clockCheck, systemdNotifyCheck } from "../../../src/device/doctor/system.js";
import { allWell, type Check, runChecks } from "../../../src/lib/check.js";
import { orinNanoJetPack6, orinNxThrottled, xavierNxJetPack5 } from "../board/support/sysfs.js";

const silent = { tegrastats: async () => null, powerMode: async () => "25W" };

t.test("checks run one by one, and one that throws has failed", async (t) => {
  const check = (name: string, run: Check["run"]): Check => ({ name, run });
  const results = await runChecks([
    check("a", async () => ({ status: "ok", detail: "fine" })),
    check("longer", async () => ({ status: "warn", detail: "hm", advice: "do this" })),
    check("b", () => Promise.reject(new Error("rtsp://u:p@h/ is\nbroken"))),
  ]);
  t.equal(allWell(results), false);
  t.equal(allWell(results.slice(0, 2)), true);
  t.equal(
    renderResults(results),
    "ok    a       fine\nwarn  longer  hm\n              → do this\nfail  b       rtsp://***@h/ is broken\n",
  );
  t.same(JSON.parse(renderResultsJson(results)), { ok: false, checks: results });
});

t.test("Node and OpenCV", async (t) => {
  t.match(await nodeCheck().run(), { status: "ok" });
  t.match(await nodeCheck("18.20.1").run(), { status: "fail", advice: /20\.15/ });
  t.match(await nodeCheck("20.9.0").run(), { status: "fail" });
  t.match(await nodeCheck("24.1.0").run(), { status: "ok" });
  t.match(await opencvCheck().run(), { status: "ok", detail: /^\d+\.\d+\.\d+ with .*FFmpeg/ });
  t.match(await opencvCheck(() => Promise.reject(new Error("x"))).run(), { status: "fail", advice: /npm run setup/ });
  const cv = { version: { major: 4, minor: 8, revision: 0 }, getBuildInformation: () => "GStreamer: YES\n FFMPEG: NO" };
  t.match(await opencvCheck(async () => ({ cv })).run(), { status: "warn", detail: "4.8.0 with GStreamer" });
});

t.test("models are there and unchanged", async (t) => {
  const sha256 = createHash("sha256").update("weights").digest("hex");
  const entry = { file: "a.onnx", sha256, name: "a" };
  const manifest = (models: object): string => JSON.stringify({ schema: 1, models });
  const dir = t.testdir({
    "a.onnx": "weights",
    "good.json": manifest({ hsta: entry }),
    "bad.json": manifest({
      hsta: { ...entry, sha256: "0".repeat(64) },
      motion: { ...entry, file: "gone.onnx" },
      same: entry,
    }),
    "empty.json": manifest({}),
  });
  t.match(await modelsCheck(join(dir, "good.json")).run(), { status: "ok", detail: /1 models/ });
  const bad = await modelsCheck(join(dir, "bad.json")).run();
  t.match(bad, { status: "fail", detail: /'hsta' is not the file.*a\.onnx.*; .*'motion' is missing: .*gone\.onnx/ });
  t.notMatch(bad.detail, /'same'/);
  t.match(await modelsCheck(join(dir, "empty.json")).run(), { status: "fail", detail: /lists no model/ });
  t.match(await modelsCheck("").run(), { status: "ok" }, "the shipped ones");
  t.match(await modelsCheck(join(dir, "none.json")).run(), { status: "fail", detail: /none\.json: ENOENT/ });
});

t.test("a directory is made, and must take a file", async (t) => {
  const dir = t.testdir({ file: "" });
  t.match(await writableCheck("data", join(dir, "a/b")).run(), {
    status: /ok|warn/,
    detail: /is writable, \d+ MB free/,
  });
  t.match(await writableCheck("data", join(dir, "file/b")).run(), { status: "fail", advice: /file\/b/ });
});

t.test("the board is told, and what slows it down", async (t) => {
  const throttled = await new Board({ root: t.testdir(orinNxThrottled), ...silent }).read();
  t.match(await boardCheck(async () => throttled).run(), {
    status: "warn",
    detail:
      /^99\.4 °C, -0\.4 °C below throttling, 19\.9 W, power mode 25W; throttled by cpu-throttle-alert, cpufreq-cpu0$/,
    advice: /power mode/,
  });
  const starved = await new Board({ root: t.testdir(orinNanoJetPack6), ...silent }).read();
  t.match(await boardCheck(async () => starved).run(), {
    status: "warn",
    detail: /3 times since boot/,
    advice: /supply/,
  });
  const calm = await new Board({ root: t.testdir(xavierNxJetPack5), ...silent }).read();
  t.match(await boardCheck(async () => calm).run(), { status: "ok", detail: /^46\.5 °C, 39\.5 °C below throttling/ });
  t.match(await boardCheck(async () => null).run(), { status: "ok" });
  t.match(await boardCheck().run(), { status: /ok|warn/, detail: /./ }, "this machine's own");
});

t.test("the pipeline can be read off, where GStreamer has one", async (t) => {
  t.strictSame(pipelineCheck(undefined), []);
  t.match(await pipelineCheck("a ! b")[0]?.run(), { status: "ok", detail: "a ! b" });
});

t.test("the system around", async (t) => {
  t.match(await systemdNotifyCheck(async () => "systemd 252 (x)\n+PAM").run(), {
    status: "ok",
    detail: "systemd 252 (x)",
  });
  t.match(await systemdNotifyCheck(async () => undefined).run(), { status: "warn" });
  t.match(await clockCheck(async () => "yes").run(), { status: "ok" });
  t.match(
    await clockCheck(
      async () => "no",
      () => false,
    ).run(),
    { status: "warn", detail: "not synchronised" },
  );
  t.match(
    await clockCheck(
      async () => undefined,
      () => false,
    ).run(),
    { status: "warn", detail: /cannot tell/ },
  );
});

t.test("a Jetson is known by its release and its TensorRT", async (t) => {
  const orin = "# R36 (release), REVISION: 4.3, GCID: 38968081, BOARD: generic, EABI: aarch64, DATE: x\n";
  t.same(parseL4tRelease(orin), { major: 36, revision: "4.3" });
  t.same([34, 35, 36, 38, 39, 40].map(jetpackOf), [undefined, 5, 6, 7, 7, undefined]);
  const packages = "libnvinfer-bin 10.3.0.30-1+cuda12.5\nlibnvinfer10 10.3.0.30-1+cuda12.5\n";
  t.match(
    await jetsonCheck(
      async () => orin,
      async () => packages,
    ).run(),
    {
      status: "ok",
      detail: "JetPack 6 (L4T 36.4.3), TensorRT 10.3.0.30",
    },
  );
  t.match(
    await jetsonCheck(
      async () => orin,
      async () => undefined,
    ).run(),
    { status: "warn", advice: /nvidia-jetpack/ },
  );
  t.match(await jetsonCheck(() => Promise.reject(new Error("ENOENT"))).run(), { status: "ok", detail: "not a Jetson" });
});
