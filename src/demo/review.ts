import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import type { Screen } from "./screen.js";

const ADDRESS = "127.0.0.1";
const PORT = 8321;

/** Where the console listens: its usual place, or any that is free. */
export async function consoleAddress(): Promise<string> {
  const probe = createServer();
  const taken = await new Promise<boolean>((resolve) => {
    probe.once("error", () => resolve(true)).listen(PORT, ADDRESS, () => resolve(false));
  });
  probe.close();
  return `${ADDRESS}:${taken ? 0 : PORT}`;
}

/**
 * Keeps the console open after the daemon has ended, for what it has found to be reviewed; until Ctrl-C.
 * @param url where it was
 */
export async function review(screen: Screen, program: string, args: readonly string[], url: string): Promise<void> {
  const listen = `--console.listen=${new URL(url).host}`;
  const console = spawn(process.execPath, [program, "console", "serve", ...args, listen, "--log.level=warn"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  // Its first line says that it is open.
  createInterface({ input: console.stdout }).once("line", () => {
    screen.line(`Review and export what was found: ${url}#/review   (Ctrl-C ends it)`);
  });
  // Ctrl-C goes to both; the demonstration waits for the console to close what it has open.
  const wait = () => undefined;
  process.on("SIGINT", wait);
  process.once("SIGTERM", () => console.kill("SIGTERM"));
  await once(console, "close");
  process.off("SIGINT", wait);
}
