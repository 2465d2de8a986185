/**
 * Runs the daemon on a clip, with its outbox and its broker, and prints what a subscriber received, an event a line.
 *
 *   node scripts/arm64/daemon.mjs CLIP
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DaemonProcess } from "../../dist/demo/daemon-process.js";
import { subscribe } from "../../dist/demo/subscriber.js";

const place = mkdtempSync(join(tmpdir(), "flinch-arm64-"));
const settings = {
  "source.uri": process.argv[2],
  "outbox.directory": join(place, "outbox"),
  "state.directory": join(place, "state"),
};
let subscriber;
const daemon = new DaemonProcess(
  "dist/main.js",
  ["run", "--config", "config/demo.json", ...Object.entries(settings).map(([key, value]) => `--${key}=${value}`)],
  {
    onBroker: (port) => {
      subscriber = subscribe(port, (event) => console.log(JSON.stringify(event)));
      // Without its subscriber nothing is to be learnt from the daemon; the same promise is awaited below.
      subscriber.catch(() => daemon.stop());
    },
    onWatching: () => {},
    onTrouble: (what) => console.error(`    daemon: ${what}`),
    onOther: (line) => console.error(`    daemon: ${line}`),
  },
);
try {
  process.exitCode = (await daemon.ended) ?? 1;
  await (await subscriber)?.endAsync(true);
} finally {
  rmSync(place, { recursive: true, force: true });
}
