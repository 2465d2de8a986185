import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import t from "tap";
import { openHistory } from "../support/history.js";

t.test("a killed process loses nothing that it was told is stored", async (t) => {
  const directory = t.testdir();
  const told: string[] = [];
  for (let round = 0; round < 3; round++) {
    const args = ["test/support/recording-child.ts", directory, String(round * 100_000 + 1)];
    const child = spawn(process.execPath, [...process.execArgv, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    while (output.split("\n").length < 20 + round * 7) await sleep(5);
    child.kill("SIGKILL");
    await once(child, "close");
    told.push(...output.split("\n").slice(0, -1));
  }
  const history = openHistory(directory);
  t.teardown(() => history.close());
  const unsent = history.unsent();
  const labels = new Set(unsent.map(({ id }) => id));
  for (const line of told) {
    const [what, id = ""] = line.split(" ");
    if (what === "movement") t.ok(history.movement(id)?.event, line);
    if (what === "excerpt") t.equal(history.excerptOf(id)?.timesMs.length, 150, line);
    if (what === "label") t.ok(labels.has(id), line);
  }
  t.ok(labels.size >= told.filter((line) => line.startsWith("label")).length);
  t.equal(history.stats().replaced, 0);
});
