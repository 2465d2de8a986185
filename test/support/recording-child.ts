// Stores movements, excerpts and labels as fast as it can and says each once the history has it, until it is killed.
import { writeSync } from "node:fs";
import { openHistory, raised, sampleExcerpt } from "./history.js";

const history = openHistory(process.argv[2] ?? "");
const first = Number(process.argv[3] ?? 0);
for (let number = first; ; number++) {
  const movement = raised(number);
  history.add(movement);
  writeSync(1, `movement ${movement.id}\n`);
  history.setExcerpt(movement.id, sampleExcerpt(150, number));
  writeSync(1, `excerpt ${movement.id}\n`);
  const { id } = history.label({ movement: movement.id, reviewer: "a", decision: "real", note: `note ${number}` });
  writeSync(1, `label ${id}\n`);
}
