import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import t from "tap";
import { openOutbox, sequencesOf } from "../support/outbox.js";

t.test("a killed process loses no event that it was told of, and its successor repeats no number", async (t) => {
  const directory = t.testdir();
  const kept = new Set<number>();
  const seen = new Set<number>();
  for (let round = 0; round < 3; round++) {
    const child = spawn(process.execPath, [...process.execArgv, "test/support/appending-child.ts", directory], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    while (output.split("\n").length < 20 + round * 7) await sleep(5);
    child.kill("SIGKILL");
    await once(child, "close");
    const lines = output.split("\n").slice(0, -1);
    for (const line of lines) {
      const removed = /^removed (\d+)$/.exec(line)?.[1];
      if (removed !== undefined) {
        kept.delete(Number(removed));
        continue;
      }
      const sequence = Number(line);
      t.notOk(seen.has(sequence), `${sequence} is new`);
      seen.add(sequence);
      kept.add(sequence);
    }
  }
  const outbox = await openOutbox(directory);
  t.teardown(() => outbox.close());
  const pending = new Set(await sequencesOf(outbox));
  // The last of each round may have been removed without the word of it getting out.
  const missing = [...kept].filter((sequence) => !pending.has(sequence) && sequence % 3 !== 0);
  t.strictSame(missing, []);
  t.equal(outbox.stats().corrupt, 0);
});
