import { writeKey } from "../evidence/index.js";
import type { CommandContext } from "./command.js";

/** `flinch evidence key`: makes the key of evidence.keyFile. */
export async function evidenceKey({ line, output }: CommandContext): Promise<number> {
  const [file = ""] = line.positionals;
  const recipient = await writeKey(file);
  output(`${file} holds the key; clips are encrypted to ${recipient}`);
  output("Keep a copy elsewhere: without the key nobody can see a clip, and whoever has it can see all of them.");
  return 0;
}
