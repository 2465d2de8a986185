import { once } from "node:events";
import { createServer } from "node:net";
import t from "tap";
import { pipelineOf } from "../../src/capture/gstreamer.js";
import { createSource } from "../../src/capture/source.js";
import { freePort } from "../support/free-port.js";
import { look, type Seen } from "./support/collect.js";
import { kill, rtspServerMissing, startRtspServer } from "./support/rtsp-server.js";
import { sourceConfig } from "./support/source-config.js";

const skip = rtspServerMissing();
const GIVE_UP_MS = 60_000;

t.test("a stream whose server dies and comes back goes on", { skip }, async (t) => {
  const port = await freePort();
  let server = await startRtspServer(port);
  t.teardown(() => kill(server));
  const uri = `rtsp://user:hunter2@127.0.0.1:${port}/test`;
  const source = createSource(sourceConfig({ kind: "rtsp", uri }));
  t.equal(source.live, true);
  t.notMatch(source.description, /hunter2/);
  const seen: Seen[] = [];
  const states = new Set<string>();
  for await (const frame of source.frames(AbortSignal.timeout(GIVE_UP_MS))) {
    seen.push(look(frame));
    if (seen.length === 20) {
      await kill(server);
      const watch = setInterval(() => {
        states.add(source.stats().status);
        if (source.stats().status !== "lost") return;
        clearInterval(watch);
        t.notMatch(source.stats().lastError, /hunter2/);
        startRtspServer(port).then((again) => {
          server = again;
        }, t.threw);
      }, 20);
    }
    if (source.stats().reconnects > 0 && seen.length >= 60) break;
  }
  t.ok(seen.length >= 60, `${seen.length} frames`);
  t.ok(states.has("lost"));
  t.ok(source.stats().reconnects >= 1);
  t.equal(source.stats().status, "ended");
  t.ok(seen.every((frame) => frame.width === 160 && frame.wallMs !== undefined));
  t.ok(
    seen.slice(1).every((frame, n) => frame.timeMs > (seen[n]?.timeMs ?? 0)),
    "time goes forward over the gap",
  );
  t.same(
    seen.map((frame) => frame.index),
    [...seen.keys()],
  );
});

t.test("a stream that shows the very same picture for ever is frozen, and opened again", { skip }, async (t) => {
  const port = await freePort();
  const server = await startRtspServer(port, "h264", "white");
  t.teardown(() => kill(server));
  const uri = `rtsp://127.0.0.1:${port}/test`;
  const source = createSource(sourceConfig({ kind: "rtsp", uri, frozenMs: 800 }));
  const stop = new AbortController();
  const states: string[] = [];
  const watch = setInterval(() => {
    const { status, reconnects } = source.stats();
    if (states.at(-1) !== status) states.push(status);
    if (reconnects >= 2) stop.abort();
  }, 10);
  let frames = 0;
  for await (const { image } of source.frames(AbortSignal.any([stop.signal, AbortSignal.timeout(GIVE_UP_MS)]))) {
    image.release();
    frames += 1;
  }
  clearInterval(watch);
  t.same(states, ["opening", "streaming", "frozen"]);
  t.match(source.stats().lastError, /the very same picture for 800 ms or more: the source is frozen/);
  t.ok(frames < 40, `${frames} frames, all of before it was frozen`);
});

t.test("a stream is read through GStreamer where a pipeline says so", { skip }, async (t) => {
  const port = await freePort();
  const server = await startRtspServer(port);
  t.teardown(() => kill(server));
  const uri = `rtsp://127.0.0.1:${port}/test`;
  const made = pipelineOf(sourceConfig({ kind: "rtsp", uri })) ?? "";
  // The Jetson's decoder and converter stand aside for the processor's; everything else is as it is generated.
  const pipeline = made.replace(/nvv4l2decoder [^!]*/, "openh264dec ").replace("nvvidconv", "videoconvert");
  const source = createSource(sourceConfig({ kind: "rtsp", uri, pipeline, stallMs: 20_000 }));
  let size = "";
  for await (const { image } of source.frames(AbortSignal.timeout(GIVE_UP_MS))) {
    size = `${image.cols} × ${image.rows}`;
    image.release();
    break;
  }
  t.equal(size, "160 × 120", `${source.stats().lastError}`);
});

t.test("a server that starts after the source is found", { skip }, async (t) => {
  const port = await freePort();
  const source = createSource(sourceConfig({ kind: "rtsp", uri: `rtsp://127.0.0.1:${port}/test` }));
  const starting = new Promise((resolve) => setTimeout(resolve, 300)).then(() => startRtspServer(port));
  let frames = 0;
  for await (const frame of source.frames(AbortSignal.timeout(GIVE_UP_MS))) {
    frame.image.release();
    if (++frames === 5) break;
  }
  t.equal(frames, 5);
  await kill(await starting);
});

t.test("a host that accepts and keeps silent does not hold anything up", async (t) => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const stop = new AbortController();
  const uri = `rtsp://127.0.0.1:${port}/test`;
  const source = createSource(sourceConfig({ kind: "rtsp", uri, openTimeoutMs: 200 }));
  const watch = setInterval(() => source.stats().status === "lost" && stop.abort(), 10);
  for await (const frame of source.frames(AbortSignal.any([stop.signal, AbortSignal.timeout(GIVE_UP_MS)]))) {
    frame.image.release();
  }
  clearInterval(watch);
  t.match(source.stats(), { captured: 0, status: "ended", lastError: /no answer from 127\.0\.0\.1:\d+ within 200 ms/ });
  server.close();
});
