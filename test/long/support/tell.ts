import { inWords, type Outcome } from "../../faults/support/outcome.js";

/** Says on standard error what was counted, past tap, which keeps what a passed test says to itself. */
export function tell(outcome: Outcome): Outcome {
  process.stderr.write(`${inWords(outcome)}\n`);
  return outcome;
}
