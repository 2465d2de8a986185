import t from "tap";
import { ClipBuffer } from "../../src/pipeline/clip-buffer.js";

const crop = (value: number) => new Uint8Array(12).fill(value);

t.test("frames stay for their time, whatever the rate", async (t) => {
  for (const fps of [30, 60, 100, 200]) {
    const clip = new ClipBuffer(500, 200, 12);
    const step = 1000 / fps;
    const now = (3 * fps - 1) * step;
    for (let i = 0; i < 3 * fps; i++) clip.push(i * step, crop(i));
    const oldest = clip.oldestMs ?? Number.NaN;
    t.ok(now - oldest <= 500 && now - oldest > 500 - 2 * step, `at ${fps} fps the oldest is ${now - oldest} ms old`);
    t.equal(clip.evictedEarly, 0);
  }
});

t.test("a pause empties what is too old, at the next frame", async (t) => {
  const clip = new ClipBuffer(500, 60, 12);
  for (let i = 0; i < 10; i++) clip.push(i * 16, crop(i));
  clip.push(10_000, crop(99));
  t.equal(clip.length, 1);
  t.equal(clip.oldestMs, 10_000);
});

t.test("the nearest frame is given, with its own time and bytes", async (t) => {
  const clip = new ClipBuffer(1000, 60, 12);
  t.equal(clip.nearest(5), undefined);
  t.equal(clip.oldestMs, undefined);
  for (const [i, timeMs] of [0, 10, 30, 70].entries()) clip.push(timeMs, crop(i));
  const found = (timeMs: number) => {
    const frame = clip.nearest(timeMs);
    return [frame?.timeMs, ...new Set(frame?.crop)];
  };
  t.same(found(-50), [0, 0]);
  t.same(found(10), [10, 1]);
  t.same(found(19), [10, 1]);
  t.same(found(21), [30, 2]);
  t.same(found(20), [10, 1], "of two just as near the earlier");
  t.same(found(51), [70, 3]);
  t.same(found(9999), [70, 3]);
});

t.test("the nearest is found over the seam of the ring", async (t) => {
  const clip = new ClipBuffer(100, 100, 12);
  for (let i = 0; i < 57; i++) clip.push(10 * i, crop(i));
  for (let i = 46; i < 57; i++) t.equal(clip.nearest(10 * i + 3)?.crop[11], i, `${i}`);
});

t.test("crops are copied in", async (t) => {
  const clip = new ClipBuffer(100, 100, 12);
  const mine = crop(7);
  clip.push(0, mine);
  mine.fill(0);
  t.same(clip.nearest(0)?.crop, crop(7));
});

t.test("a source faster than planned costs the oldest frames, and they are counted", async (t) => {
  const clip = new ClipBuffer(100, 50, 12);
  for (let i = 0; i < 20; i++) clip.push(5 * i, crop(i));
  t.equal(clip.length, 6, "100 ms at 50 fps, and one");
  t.equal(clip.evictedEarly, 14);
  t.equal(clip.oldestMs, 70);
});

t.test("memory is taken once", async (t) => {
  const bytes = 112 * 112 * 3;
  const before = process.memoryUsage().arrayBuffers;
  const clip = new ClipBuffer(3000, 200, bytes);
  const taken = process.memoryUsage().arrayBuffers - before;
  t.ok(Math.abs(taken - 601 * bytes) < 1e6, `${taken} bytes`);
  const mine = new Uint8Array(bytes);
  for (let i = 0; i < 2000; i++) clip.push(5 * i, mine);
  t.ok(process.memoryUsage().arrayBuffers - before - taken < 1e6);
  const buffers = new Set([clip.nearest(5000)?.crop.buffer, clip.nearest(8000)?.crop.buffer]);
  t.equal(buffers.size, 1, "every crop is a view into it");
});

t.test("a crop of another size is refused", async (t) => {
  const clip = new ClipBuffer(100, 50, 12);
  t.throws(() => clip.push(0, new Uint8Array(11)), { message: /11 bytes, not 12/ });
  t.equal(clip.length, 0);
});
