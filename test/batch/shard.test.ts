import fc from "fast-check";
import t from "tap";
import { shardOf, shareOf } from "../../src/batch/shard.js";

t.test("shards are numbered by hand, by Slurm and by Kubernetes", async (t) => {
  t.same(shardOf("2/8", {}), { index: 2, count: 8 });
  const slurm = {
    SLURM_ARRAY_TASK_ID: "14",
    SLURM_ARRAY_TASK_MIN: "10",
    SLURM_ARRAY_TASK_STEP: "2",
    SLURM_ARRAY_TASK_COUNT: "5",
  };
  t.same(shardOf("auto", slurm), { index: 3, count: 5 });
  t.same(shardOf("auto", { SLURM_ARRAY_TASK_ID: "0", SLURM_ARRAY_TASK_MIN: "0", SLURM_ARRAY_TASK_COUNT: "4" }), {
    index: 1,
    count: 4,
  });
  t.same(shardOf("auto/3", { JOB_COMPLETION_INDEX: "0" }), { index: 1, count: 3 });
  for (const [text, env] of [
    ["0/4", {}],
    ["5/4", {}],
    ["1/2/3", {}],
    ["x", {}],
    ["auto", {}],
    ["auto", { JOB_COMPLETION_INDEX: "1" }],
    ["auto/3", { JOB_COMPLETION_INDEX: "3" }],
  ] as const)
    t.throws(() => shardOf(text, env), { code: "USAGE", message: /--shard '.*auto\/N in an indexed Job/ }, text);
});

const lasting = fc.uniqueArray(fc.record({ name: fc.string({ minLength: 1 }), lengthMs: fc.nat({ max: 7_200_000 }) }), {
  selector: ({ name }) => name,
  maxLength: 60,
});

t.test("every recording is one shard's, in whatever order they come, and no shard has much more to do", async () => {
  fc.assert(
    fc.property(lasting, fc.integer({ min: 1, max: 9 }), fc.nat(), (recordings, count, seed) => {
      const shards = Array.from({ length: count }, (_, i) => shareOf(recordings, { index: i + 1, count }));
      const names = shards.flat().map(({ name }) => name);
      if (names.length !== recordings.length || new Set(names).size !== names.length) return false;
      const turned = [
        ...recordings.slice(seed % (recordings.length || 1)),
        ...recordings.slice(0, seed % (recordings.length || 1)),
      ];
      const again = shareOf(turned, { index: 1, count }).map(({ name }) => name);
      if (
        [...again].sort().join("\n") !==
        (shards[0] ?? [])
          .map(({ name }) => name)
          .sort()
          .join("\n")
      )
        return false;
      const loads = shards.map((shard) => shard.reduce((sum, { lengthMs }) => sum + lengthMs, 0));
      const longest = Math.max(0, ...recordings.map(({ lengthMs }) => lengthMs));
      return Math.max(...loads) - Math.min(...loads) <= longest;
    }),
  );
});
