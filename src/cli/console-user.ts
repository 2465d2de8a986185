import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { hashPassword, isUserName, roles, writeUser } from "../console/index.js";
import { FlinchError } from "../lib/errors.js";
import type { CommandContext } from "./command.js";

const SHORTEST = 12;

/** `flinch console user`: adds somebody to the console's file of users, or gives them another role and password. */
export async function consoleUser({ line, output }: CommandContext): Promise<number> {
  const [file = "", name = ""] = line.positionals;
  const wish = line.options.get("role") ?? "view";
  const role = roles.find((known) => known === wish);
  if (role === undefined) throw new FlinchError("USAGE", `there is no role '${wish}': ${roles.join(", ")}`);
  if (!isUserName(name))
    throw new FlinchError("USAGE", `'${name}' is no user's name: letters, digits, dots, dashes, underscores and @`);
  const password = await askPassword(`Password for ${name}: `);
  if ([...password].length < SHORTEST)
    throw new FlinchError("USAGE", `the password has fewer than ${SHORTEST} characters: take a longer one`);
  await writeUser(file, { name, role, hash: await hashPassword(password) });
  output(`${name} may ${role} now; the console reads ${file} at every request`);
  return 0;
}

/** The first line of standard input; on a terminal nothing of it is shown. */
async function askPassword(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  if (stdin.isTTY) stderr.write(prompt);
  const nowhere = new Writable({ write: (_, __, done) => done() });
  const lines = createInterface({ input: stdin, output: nowhere, terminal: stdin.isTTY });
  try {
    for await (const line of lines) return line;
    return "";
  } finally {
    lines.close();
    if (stdin.isTTY) stderr.write("\n");
  }
}
