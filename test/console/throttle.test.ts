import t from "tap";
import { Throttle } from "../../src/console/access/throttle.js";

t.test("each attempt after the third waits twice as long, up to a minute, and an hour forgets", async (t) => {
  let now = 0;
  const throttle = new Throttle(() => now);
  const waits: number[] = [];
  for (let i = 0; i < 12; i++) {
    throttle.begin("ada");
    now += 5000;
    throttle.failed("ada");
    waits.push(throttle.waitMs("ada"));
    now += throttle.waitMs("ada");
  }
  t.strictSame(waits, [0, 0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000]);
  t.equal(throttle.waitMs("grace"), 0);
  now += 3_600_000;
  throttle.begin("ada");
  t.equal(throttle.waitMs("ada"), 0);
});

t.test("attempts side by side count before any of them has ended", async (t) => {
  const throttle = new Throttle(() => 0);
  for (let i = 0; i < 5; i++) throttle.begin("ada");
  t.equal(throttle.waitMs("ada"), 4000);
  throttle.succeeded("ada");
  t.equal(throttle.waitMs("ada"), 0);
});

t.test("made-up names push each other out, not the memory", async (t) => {
  const throttle = new Throttle(() => 0);
  for (let i = 0; i < 5; i++) throttle.begin("first");
  for (let i = 0; i < 20_000; i++) throttle.begin(`name ${i}`);
  t.equal(throttle.waitMs("first"), 0);
});
