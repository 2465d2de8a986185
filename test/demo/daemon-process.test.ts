import { test } from "tap";
import { DaemonProcess, readLogLine } from "../../src/demo/daemon-process.js";

function listener() {
  const heard: unknown[] = [];
  return {
    heard,
    onBroker: (port: number) => heard.push(port),
    onConsole: (url: string) => heard.push(["console", url]),
    onWatching: () => heard.push("watching"),
    onTrouble: (what: string) => heard.push(what),
    onOther: (line: string) => heard.push({ line }),
  };
}

test("the log tells where the broker is and when the video begins", async (t) => {
  const callbacks = listener();
  readLogLine('{"level":"info","msg":"embedded broker listening","port":41883}', callbacks);
  readLogLine('{"level":"info","msg":"models ready"}', callbacks);
  readLogLine('{"level":"info","msg":"watching"}', callbacks);
  t.same(callbacks.heard, [41883, "watching"]);
});

test("warnings are told in words, what is no log line as it is", async (t) => {
  const callbacks = listener();
  readLogLine('{"level":"warn","msg":"HSTA does not run on cuda","reason":"no library"}', callbacks);
  readLogLine('{"level":"error","msg":"slow"}', callbacks);
  readLogLine("flinch: models/x.onnx is missing [MODEL_MISSING]", callbacks);
  t.same(callbacks.heard, [
    "HSTA does not run on cuda: no library",
    "slow",
    { line: "flinch: models/x.onnx is missing [MODEL_MISSING]" },
  ]);
});

test("the daemon's settings are the demonstration's own, its status is told", async (t) => {
  process.env["FLINCH_DEVICE_ID"] = "mine";
  t.teardown(() => delete process.env["FLINCH_DEVICE_ID"]);
  const program = t.testdir({
    "program.mjs": "console.error(process.env.FLINCH_DEVICE_ID ?? 'none', process.argv[2]); process.exitCode = 3;",
  });
  const callbacks = listener();
  const daemon = new DaemonProcess(`${program}/program.mjs`, ["run"], callbacks);
  t.equal(await daemon.ended, 3);
  t.same(callbacks.heard, [{ line: "none run" }]);
});
