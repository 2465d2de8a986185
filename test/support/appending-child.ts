// Appends and removes events as fast as it can and says each number once the outbox has it, until it is killed.
import { writeSync } from "node:fs";
import { FileOutbox } from "../../src/events/index.js";
import { sampleEvent } from "./event.js";
import { Logs } from "./logs.js";

const outbox = await FileOutbox.open({ directory: process.argv[2] ?? "", maxEvents: 10_000, logger: new Logs() });
for (;;) {
  const { sequence } = await outbox.append(sampleEvent);
  writeSync(1, `${sequence}\n`);
  if (sequence % 3 === 0) {
    await outbox.remove(sequence);
    writeSync(1, `removed ${sequence}\n`);
  }
}
