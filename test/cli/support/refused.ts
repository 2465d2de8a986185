import type { Test } from "tap";
import { flinch } from "../../support/cli.js";

/** The command ends with 1, prints nothing, and says in one line what is wrong. */
export async function refused(t: Test, args: readonly string[], says: RegExp): Promise<void> {
  const { status, output, plain } = await flinch(...args);
  t.same([status, output, plain.length], [1, [], 1], `${args.join(" ")}: ${plain.join("\n")}`);
  t.match(plain[0], /^flinch: \S.* \[[A-Z_]+\]$/);
  t.match(plain[0], says);
}
