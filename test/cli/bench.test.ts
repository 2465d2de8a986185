import { join } from "node:path";
import t from "tap";
import type { BenchReport } from "../../src/cli/bench.js";
import { flinch } from "../support/cli.js";
import { shortVideo } from "../support/demo.js";

t.test("bench measures every stage, and the machine", async (t) => {
  const video = await shortVideo(join(t.testdir(), "short.mp4"));
  const { status, output, plain } = await flinch("bench", video, "--json", "--recognition.providers=cpu");
  t.same([status, plain, output.length], [0, [], 1]);
  const report = JSON.parse(output[0] ?? "") as BenchReport;
  t.match(report, { video, provider: "cpu", processor: /\S/ });
  t.ok(report.frames > 200 && report.frames < 280, `${report.frames} frames`);
  for (const key of ["fps", "perFrameFps", "sgemmGflops", "hstaRatio", "rssMb"] as const) {
    t.ok(Number.isFinite(report[key]) && (report[key] ?? 0) > 0, `${key} ${report[key]}`);
  }
  t.ok(report.rssMb < 1500, `${report.rssMb} MB`);
  for (const stage of ["decode", "face", "motion", "hsta"]) {
    const { count = -1, p50 = -1, p95 = -1 } = report.stages[stage] ?? {};
    t.ok(count >= 0 && p50 >= 0 && p95 >= p50, `${stage}: ${count} times, ${p50} and ${p95} ms`);
  }
  t.equal(report.stages["face"]?.count, report.frames);
  t.ok(report.hsta.count > 0 && report.hsta.p95 >= report.hsta.p50);
});
