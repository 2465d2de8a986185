// Appends and removes events as fast as it can and says each number once the outbox has it, until it is killed.
import { writeSync } from "node:fs";
import { sampleEvent } from "./event.js";
import { openOutbox } from "./outbox.js";

const outbox = await openOutbox(process.argv[2] ?? "");
for (;;) {
  const { sequence } = await outbox.append(sampleEvent);
  writeSync(1, `${sequence}\n`);
  if (sequence % 3 === 0) {
    await outbox.remove(sequence);
    writeSync(1, `removed ${sequence}\n`);
  }
}
