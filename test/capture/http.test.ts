import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import t from "tap";
import { createSource } from "../../src/capture/source.js";
import { look, type Seen } from "./support/collect.js";
import { sourceConfig } from "./support/source-config.js";

const SERVER = fileURLToPath(new URL("support/http-server.mjs", import.meta.url));
const SECONDS_EACH = "2";
const FORMATS = {
  "multipart/x-mixed-replace;boundary=ffmpeg": ["-c:v", "mjpeg", "-f", "mpjpeg"],
  "video/mp2t": ["-c:v", "mpeg2video", "-g", "5", "-f", "mpegts"],
};

for (const [type, format] of Object.entries(FORMATS)) {
  t.test(`${type} over HTTP is opened again when it ends`, async (t) => {
    const server = spawn(process.execPath, [SERVER, type, SECONDS_EACH, ...format], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    t.teardown(() => server.kill("SIGKILL"));
    const [printed] = (await once(server.stdout, "data")) as [Buffer];
    const uri = `http://127.0.0.1:${Number(printed.toString())}/video`;
    const source = createSource(sourceConfig({ kind: "http", uri }));
    const seen: Seen[] = [];
    for await (const frame of source.frames(AbortSignal.timeout(60_000))) {
      seen.push(look(frame));
      if (source.stats().reconnects > 0 && seen.length > 30) break;
    }
    t.ok(seen.length > 30, `${seen.length} frames`);
    t.same([seen[0]?.width, seen[0]?.height], [160, 120]);
    t.ok(seen.slice(1).every((frame, n) => frame.timeMs > (seen[n]?.timeMs ?? 0)));
    t.match(source.stats().lastError, /ended/);
  });
}
