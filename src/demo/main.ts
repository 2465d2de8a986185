/**
 * The demonstration: starts the daemon on the bundled video, listens to its broker as any consumer would, and holds
 * what arrived against what is to be seen in the video.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MqttClient } from "mqtt";
import { readTruth } from "../evaluation/index.js";
import { reasonOf } from "../lib/errors.js";
import type { Arrival } from "./arrival.js";
import { DaemonProcess } from "./daemon-process.js";
import { consoleAddress, review } from "./review.js";
import { ENOUGH, scoreOf, summaryOf } from "./score.js";
import { Screen } from "./screen.js";
import { subscribe } from "./subscriber.js";
import { tableOf } from "./table.js";

/** So many lines of a daemon that failed are shown. */
const LAST_WORDS = 20;

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const PROGRAM = join(root, "dist/main.js");

/** What came of the daemon. */
interface Watched {
  readonly arrivals: readonly Arrival[];
  /** Its exit status. */
  readonly status: number | null;
  /** Where its console was; undefined where it had none. */
  readonly consoleUrl: string | undefined;
}

/** Runs the daemon to the end of the video. */
async function watchVideo(screen: Screen, settings: readonly string[]): Promise<Watched> {
  const arrivals: Arrival[] = [];
  const lastWords: string[] = [];
  let consoleUrl: string | undefined;
  let subscriber: MqttClient | undefined;
  const daemon = new DaemonProcess(
    PROGRAM,
    ["run", ...settings, `--console.listen=${await consoleAddress()}`, ...process.argv.slice(2)],
    {
      onBroker: (port) => {
        screen.line(`  broker on 127.0.0.1:${port}; listen in with: mosquitto_sub -p ${port} -v -t 'flinch/#'`);
        const onEvent = (arrival: Arrival) => {
          arrivals.push(arrival);
          screen.event(arrival);
        };
        const onRefused = (thrown: unknown) => {
          screen.line(`  the subscriber cannot connect: ${reasonOf(thrown)}`);
          daemon.stop();
        };
        subscribe(port, onEvent).then((client) => {
          subscriber = client;
        }, onRefused);
      },
      onConsole: (url) => {
        consoleUrl = url;
        screen.line(`  console on ${url}`);
      },
      onWatching: () => screen.begin(),
      onTrouble: (what) => screen.line(`  daemon: ${what}`),
      onOther: (line) => lastWords.push(line),
    },
  );
  process.once("SIGINT", () => daemon.stop());
  process.once("SIGTERM", () => daemon.stop());
  const status = await daemon.ended;
  await subscriber?.endAsync(true);
  screen.end();
  if (status !== 0) for (const line of lastWords.slice(-LAST_WORDS)) screen.line(`  daemon: ${line}`);
  return { arrivals, status, consoleUrl };
}

async function demo(): Promise<number> {
  process.chdir(root);
  const truth = readTruth("demo/truth.json");
  const place = mkdtempSync(join(tmpdir(), "flinch-demo-"));
  const screen = new Screen(process.stdout, truth.durationMs);
  screen.line(`Flinch watches demo/video.mp4: ${truth.durationMs / 1000} s of a simulated face, nobody's own`);
  try {
    const directories = [`--outbox.directory=${join(place, "outbox")}`, `--state.directory=${join(place, "state")}`];
    const settings = ["--config", join(root, "config/demo.json"), ...directories];
    const { arrivals, status, consoleUrl } = await watchVideo(screen, settings);
    const score = scoreOf(truth, arrivals);
    for (const line of ["", ...tableOf(score, truth), "", summaryOf(score)]) screen.line(line);
    if (status !== 0) screen.line(`demo: failed, the daemon ended with ${status ?? "a signal"}`);
    else if (score.matches.length < ENOUGH) screen.line(`demo: failed, fewer than ${ENOUGH} were reported`);
    const good = status === 0 && score.matches.length >= ENOUGH;
    // A script that runs the demonstration waits for nobody.
    const attended = process.stdin.isTTY && process.stdout.isTTY;
    if (good && attended && consoleUrl !== undefined) await review(screen, PROGRAM, settings, consoleUrl);
    return good ? 0 : 1;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

process.exitCode = await demo();
