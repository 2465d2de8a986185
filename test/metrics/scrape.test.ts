import { spawnSync } from "node:child_process";
import { join } from "node:path";
import t, { type Test } from "tap";
import { Flinch } from "../support/cli.js";
import { EVERY_CANDIDATE, shortVideo } from "../support/demo.js";
import { until } from "../support/logs.js";
import { deployedNames } from "./support/deployed.js";
import { namesIn, promtoolMissing, valueIn } from "./support/metrics.js";

const dir = t.testdir();
const video = await shortVideo(join(dir, "short.mp4"));

/** A real daemon that watches the video over and over, and how to ask it. */
async function watching(t: Test, ...args: string[]) {
  const place = join(dir, t.name.replaceAll(/\W+/g, "-"));
  const source = ["--source.kind=file", `--source.uri=${video}`, "--source.loop", "--device.id=room-1"];
  const parts = ["--mqtt.embeddedPort=0", `--outbox.directory=${place}`, "--metrics.listen=127.0.0.1:0"];
  const daemon = new Flinch(["run", ...source, ...parts, ...EVERY_CANDIDATE, ...args]);
  t.teardown(() => daemon.dispose());
  const { address } = await daemon.logged(/^metrics: listening$/);
  const get = async (path: string) => {
    const response = await fetch(`http://${address}${path}`);
    return { status: response.status, text: await response.text() };
  };
  const scrape = async () => (await get("/metrics")).text;
  /** The first scrape in which a metric is above 0. */
  const scrapeWith = async (name: string, ...labels: string[]) => {
    let text = "";
    await until(async () => {
      text = await scrape();
      return (valueIn(text, name, ...labels) ?? 0) > 0;
    }, 60_000);
    return text;
  };
  return { daemon, address: String(address), get, scrape, scrapeWith };
}

t.test("a real scrape holds what happened, and promtool finds nothing to blame", async (t) => {
  const { daemon, get, scrape } = await watching(t, "--privacy.purpose=secret purpose");
  let text = "";
  const value = (name: string, ...labels: string[]) => valueIn(text, name, 'device="room-1"', ...labels) ?? 0;
  await until(async () => {
    text = await scrape();
    return value("flinch_event_latency_seconds_count") > 0 && value("flinch_events_published_total") > 0;
  }, 60_000);
  t.same(await get("/readyz"), { status: 200, text: '{"status":"ok","reasons":[]}' });
  t.equal((await get("/healthz")).status, 200);
  t.equal(value("flinch_source_status", 'status="streaming"'), 1);
  t.ok(value("flinch_frames_captured_total") > 0);
  t.ok(value("flinch_judged_seconds_total") > 0);
  t.ok(value("flinch_watched_seconds_total") >= value("flinch_judged_seconds_total"));
  for (const stage of ["face", "motion", "hsta"])
    t.ok(value("flinch_stage_duration_seconds_count", `stage="${stage}"`) > 0, stage);
  t.ok(value("flinch_candidates_total") >= value("flinch_event_latency_seconds_count"));
  t.equal(value("flinch_broker_connected"), 1);
  t.ok(value("flinch_process_resident_memory_bytes") > 1e7);
  t.ok(value("flinch_time_seconds") > 1.7e9);
  const raised = [...text.matchAll(/^flinch_events_raised_total\{.*\} (\d+)$/gm)].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  );
  t.equal(raised, value("flinch_event_latency_seconds_count"), "every event has a class");
  t.equal(value("flinch_events_raised_total", 'class="untold"'), 0);
  t.notMatch(text, /secret purpose|short\.mp4/);

  await t.test("promtool check metrics", { skip: promtoolMissing() }, async (t) => {
    const { status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], { input: text, encoding: "utf8" });
    t.same({ status, said: stdout + stderr }, { status: 0, said: "" });
    const bad = spawnSync("promtool", ["check", "metrics"], {
      input: "# TYPE flinch_x_total gauge\nflinch_x_total 1\n",
    });
    t.not(bad.status, 0, "it can find something");
  });

  await t.test("every metric that dashboard and rules name is there", async (t) => {
    const known = new Set(namesIn(text));
    const files = deployedNames();
    for (const [file, names] of files) {
      t.ok(names.size > 10, `${file} names ${names.size}`);
      for (const name of names) t.ok(known.has(name.replace(/_(bucket|sum|count)$/, "")), `${file}: ${name}`);
    }
  });

  daemon.kill("SIGTERM");
  t.equal(await daemon.ended, 0, "an open connection does not keep it");
});

t.test("at a lower report level no class is told", async (t) => {
  const { scrapeWith } = await watching(t, "--recognition.report=motion");
  const text = await scrapeWith("flinch_events_raised_total", 'class="untold"');
  const classes = [...text.matchAll(/^flinch_events_raised_total\{class="([^"]*)"/gm)].map(([, name]) => name);
  t.same(classes, ["untold"]);
  t.notMatch(text, /"(anger|disgust|surprise|happy|negative|positive)"/);
});

t.test("a port that is taken ends the start, and says so", async (t) => {
  const { address } = await watching(t);
  const second = new Flinch([
    "run",
    "--source.kind=file",
    `--source.uri=${video}`,
    "--mqtt.embeddedPort=0",
    `--outbox.directory=${join(dir, "second")}`,
    `--metrics.listen=${address}`,
    ...EVERY_CANDIDATE,
  ]);
  t.teardown(() => second.dispose());
  t.equal(await second.ended, 1);
  t.match(
    [...second.plain, ...second.log.map(({ msg }) => msg)].join("\n"),
    `metrics.listen ${address} is taken by another process`,
  );
});
