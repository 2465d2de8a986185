import t from "tap";
import type { Capture } from "../../src/capture/capture.js";
import { createSource } from "../../src/capture/source.js";
import { cv, type Mat } from "../../src/runtime/opencv.js";
import { collect } from "./support/collect.js";
import { sourceConfig } from "./support/source-config.js";

/** A camera that gives `frames` pictures, one every `everyMs`, and then stays silent, or ends. */
class FakeCamera implements Capture {
  readonly made: Mat[] = [];
  released = 0;
  reading = 0;
  constructor(
    readonly frames: number,
    readonly then: "silence" | "end",
    readonly everyMs = 2,
  ) {}
  async readAsync(): Promise<Mat> {
    this.reading += 1;
    if (this.reading > 1) throw new Error("two reads at once");
    const left = this.made.length < this.frames;
    if (!left && this.then === "silence") await new Promise((resolve) => setTimeout(resolve, 400));
    await new Promise((resolve) => setTimeout(resolve, this.everyMs));
    this.reading -= 1;
    const image = left ? new cv.Mat(4, 4, cv.CV_8UC3, [this.made.length, 0, 0]) : new cv.Mat();
    this.made.push(image);
    return image;
  }
  get(): number {
    return 0;
  }
  async setAsync(): Promise<boolean> {
    return true;
  }
  release(): void {
    this.released += 1;
  }
}

const camera = sourceConfig({ kind: "v4l2", uri: "/dev/video0", stallMs: 100, reconnectMinMs: 5, reconnectMaxMs: 20 });

t.test("a slow consumer gets the newest frames; the oldest are dropped, counted and released", async (t) => {
  const fake = new FakeCamera(60, "silence");
  const source = createSource({ ...camera, stallMs: 5000, queueFrames: 3 }, { open: async () => fake });
  const taken: number[] = [];
  for await (const frame of source.frames(AbortSignal.timeout(60_000))) {
    taken.push(frame.image.at(0, 0) as unknown as number);
    t.equal(frame.index, taken.length - 1);
    frame.image.release();
    if (taken.length === 1) while (source.stats().captured < 60) await new Promise((resolve) => setTimeout(resolve, 5));
    if (taken.length === 4) break;
  }
  t.equal(taken.length, 4);
  t.match(source.stats(), { captured: 60, dropped: 56, status: "ended" });
  t.ok(
    fake.made.slice(0, 60).every((mat) => mat.empty),
    "every frame was released",
  );
  t.equal(fake.released, 1);
});

t.test("a stall counts as lost, and the camera is opened again once its read has come back", async (t) => {
  const cameras: FakeCamera[] = [];
  const open = async () => {
    t.ok(cameras.every((earlier) => earlier.released === 1 && earlier.reading === 0));
    const fake = new FakeCamera(5, cameras.length === 0 ? "silence" : "end");
    cameras.push(fake);
    return fake;
  };
  const source = createSource(camera, { open });
  const seen = await collect(source, (frames) => frames.length === 12);
  t.equal(seen.length, 12);
  t.ok(source.stats().reconnects >= 2);
  t.ok(cameras.every((fake) => fake.released === 1));
});

t.test("a camera that is frozen goes on when its picture changes", async (t) => {
  let opened = 0;
  const pictures: number[] = [];
  // The same picture until it was opened three times, then a new one each time.
  const open = async (): Promise<Capture> => {
    opened += 1;
    const fake = new FakeCamera(100_000, "silence");
    fake.readAsync = async () => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      const shade = opened < 3 ? 7 : pictures.length;
      pictures.push(shade);
      return new cv.Mat(4, 4, cv.CV_8UC3, [shade % 256, 0, 0]);
    };
    return fake;
  };
  const source = createSource({ ...camera, frozenMs: 60 }, { open });
  let after = 0;
  for await (const { image } of source.frames(AbortSignal.timeout(60_000))) {
    image.release();
    if (opened === 3 && ++after === 20) {
      t.equal(source.stats().status, "streaming");
      break;
    }
  }
  t.equal(after, 20);
  t.equal(source.stats().reconnects, 2);
  opened = 0;
  const off = createSource({ ...camera, frozenMs: 0 }, { open });
  const end = AbortSignal.timeout(400);
  for await (const { image } of off.frames(end)) image.release();
  t.equal(off.stats().reconnects, 0);
});

t.test("what fails to open is tried again, and the reason is told without credentials", async (t) => {
  let attempts = 0;
  const reasons = new Set<string | undefined>();
  const open = async () => {
    reasons.add(source.stats().lastError);
    attempts += 1;
    if (attempts < 6) throw new Error("refused by rtsp://me:secret@host/x");
    return new FakeCamera(3, "silence");
  };
  const source = createSource(camera, { open });
  const seen = await collect(source, (frames) => frames.length === 3);
  t.equal(seen.length, 3);
  t.equal(attempts, 6);
  t.equal(source.stats().reconnects, 0, "only a source that was open before is opened again");
  t.same([...reasons], [undefined, "refused by rtsp://***@host/x"]);
});

t.test("aborting ends at once while a read hangs, and the late frame is released", async (t) => {
  const fake = new FakeCamera(1, "silence");
  const stop = new AbortController();
  const source = createSource({ ...camera, stallMs: 60_000 }, { open: async () => fake });
  setTimeout(() => stop.abort(), 50);
  const seen = await collect(source, undefined, stop.signal);
  t.equal(seen.length, 1);
  t.equal(fake.reading, 1, "the read was still going on");
  t.equal(fake.released, 1);
  t.equal(source.stats().status, "ended");
});

t.test("a source that cannot ever work is refused at once", async (t) => {
  for (const changes of [
    { kind: "rtsp", uri: "http://host/" },
    { kind: "http", uri: "nonsense" },
    { kind: "gstreamer" },
    { kind: "file" },
    { kind: "v4l2" },
  ] as const) {
    t.throws(() => createSource(sourceConfig(changes)), { code: "CONFIG_INVALID" });
  }
});

t.test("a camera that is not there is waited for", async (t) => {
  const source = createSource({ ...camera, uri: "/dev/video-that-is-not-there" });
  const stop = new AbortController();
  const watch = setInterval(() => source.stats().status === "lost" && stop.abort(), 5);
  await collect(source, undefined, AbortSignal.any([stop.signal, AbortSignal.timeout(60_000)]));
  clearInterval(watch);
  t.match(source.stats().lastError, /no camera at '\/dev\/video-that-is-not-there'/);
});
