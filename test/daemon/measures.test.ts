import t from "tap";
import { StageTimer } from "../../src/daemon/stage-timer.js";
import { memoryUse } from "../../src/device/memory.js";

t.test("the times of a stage are those of its last samples", async (t) => {
  const timer = new StageTimer(["face", "spot"], 100);
  t.same(timer.summary().spot, { count: 0, p50Ms: 0, p95Ms: 0, maxMs: 0 });
  for (let i = 0; i < 50; i += 1) timer.record("face", 9999);
  for (let i = 100; i >= 1; i -= 1) timer.record("face", i);
  t.same(timer.summary().face, { count: 150, p50Ms: 50, p95Ms: 95, maxMs: 100 });
  t.same(timer.summary().spot.count, 0);
});

t.test("memory is told in MB", async (t) => {
  const { rssMb, heapMb } = memoryUse();
  t.ok(rssMb > heapMb && heapMb > 1 && rssMb < 10_000);
});
