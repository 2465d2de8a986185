import { join } from "node:path";
import t from "tap";
import { flinch } from "../support/cli.js";
import { shortVideo } from "../support/demo.js";

interface Report {
  readonly ok: boolean;
  readonly checks: readonly { readonly name: string; readonly status: string; readonly detail: string }[];
}

const dir = t.testdir();
const places = [
  `--outbox.directory=${dir}/outbox`,
  `--state.directory=${dir}/state`,
  `--recognition.tensorrt.engineCacheDirectory=${dir}/engines`,
];

async function doctor(...args: string[]) {
  const { status, output, plain } = await flinch("doctor", "--json", "--source.kind=file", ...places, ...args);
  const report = JSON.parse(output.join("\n")) as Report;
  return { status, plain, report, check: (name: string) => report.checks.find((check) => check.name === name) };
}

t.test("a machine that can run says so, check by check", async (t) => {
  const video = await shortVideo(join(dir, "short.mp4"), 3);
  const { status, plain, report, check } = await doctor(`--source.uri=${video}`);
  t.same([status, plain, report.ok], [0, [], true]);
  const names = report.checks.map(({ name }) => name);
  t.equal(new Set(names).size, names.length);
  for (const { name, status, detail } of report.checks)
    t.ok(/^(ok|warn)$/.test(status) && detail, `${name}: ${detail}`);
  t.match(
    check("inference")?.detail,
    /^HSTA runs on (tensorrt|cuda|cpu).*; events say emotion, valence.* \(recognition\.report emotion\); licence MIT$/,
  );
  t.match(check("source")?.detail, /640 × 480/);
  t.match(check("models"), { status: "ok" });
});

t.test("what stands in the way fails, and the other checks are made all the same", async (t) => {
  const { status, plain, report, check } = await doctor("--source.uri=none.mp4", "--recognition.model=nothing");
  t.same([status, plain, report.ok], [1, [], false]);
  t.match(check("source"), { status: "fail", detail: /none\.mp4/ });
  t.match(check("inference"), { status: "fail", detail: /no model 'nothing'/ });
  t.match(check("outbox"), { status: "ok" });
  t.match(check("state"), { status: "ok" });
});

t.test("without --json there is a line a check for a person", async (t) => {
  const { status, output } = await flinch("doctor", "--source.kind=file", "--source.uri=none.mp4", ...places);
  t.equal(status, 1);
  t.ok(output.some((line) => /^fail +source +.*none\.mp4/.test(line)));
  t.ok(output.some((line) => /^ok +outbox +/.test(line)));
});
