import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";
import { freePort } from "../../support/free-port.js";
import { until } from "../../support/logs.js";

/** How to run a broker of some kind. */
export interface Recipe {
  readonly name: string;
  /** Its program; the test is skipped where it is not installed. */
  readonly program: string;
  /** Debian's package. */
  readonly debian: string;
  /** The arguments, environment and files for a broker on this port, with a directory of its own. */
  prepare(
    port: number,
    directory: string,
  ): Promise<{
    readonly args: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
    readonly files: Readonly<Record<string, string>>;
    /** What the broker leaves running. */
    readonly cleanUp?: () => void;
  }>;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const open = await Promise.race([
    once(socket, "connect").then(() => true),
    once(socket, "error").then(
      () => false,
      () => false,
    ),
  ]).catch(() => false);
  socket.destroy();
  return open;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}

/** Starts it until the test ends; undefined, with the test skipped, where it is not installed. */
export async function startBroker(t: Test, recipe: Recipe): Promise<{ name: string; port: number } | undefined> {
  const { name, program, debian } = recipe;
  if (!existsSync(program)) {
    t.plan(0, `${name} is not installed; as root: apt-get install ${debian}`);
    return undefined;
  }
  const directory = mkdtempSync(join(tmpdir(), "flinch-broker-"));
  t.teardown(() => rmSync(directory, { recursive: true, force: true }));
  const port = await freePort();
  const { args, env = {}, files, cleanUp } = await recipe.prepare(port, directory);
  for (const [file, content] of Object.entries(files)) writeFileSync(join(directory, file), content);
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: "ignore" });
  t.teardown(async () => {
    await ended(child);
    cleanUp?.();
  });
  await until(() => answers(port), 120_000);
  return { name, port };
}
