#!/usr/bin/env node
import { CommanderError } from "commander";
import type { CommandDescription } from "./cli/index.js";
import { createProgram } from "./cli/index.js";
import { FlinchError, reasonOf } from "./lib/errors.js";

/** A native module is built for one version of Node: another, or a build that never ended, cannot load it. */
function loadFailure(cause: unknown): unknown {
  const { code } = cause as Partial<NodeJS.ErrnoException>;
  if (code !== "ERR_DLOPEN_FAILED" && code !== "MODULE_NOT_FOUND" && code !== "ERR_MODULE_NOT_FOUND") return cause;
  const why = `Node ${process.version} cannot load what Flinch is built on (${reasonOf(cause)})`;
  return new FlinchError("NATIVE_MODULE", `${why}; build it anew: npm run setup`, { cause });
}

async function loaded(load: CommandDescription["load"]) {
  return load().catch((cause: unknown) => Promise.reject(loadFailure(cause)));
}

async function main(): Promise<number> {
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort());
  // A reader that has seen enough (`flinch analyze … | head -1`) is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  const output = (line: string) => process.stdout.write(`${line}\n`);
  let status = 0;
  const program = createProgram(async (load, line) => {
    const command = await loaded(load);
    status = await command({ line, env: process.env, output, signal: stop.signal });
  });
  try {
    await program.parseAsync();
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    // Help and version. Where nothing was asked for, help stood on standard error.
    return thrown.exitCode === 0 ? 0 : 2;
  }
  return status;
}

main().then(
  (status) => {
    process.exitCode = status;
  },
  (thrown: unknown) => {
    const code = thrown instanceof FlinchError ? thrown.code : "UNEXPECTED";
    process.stderr.write(`flinch: ${reasonOf(thrown)} [${code}]\n`);
    if (!(thrown instanceof FlinchError) && thrown instanceof Error) process.stderr.write(`${thrown.stack}\n`);
    process.exitCode = 1;
    // Node would report a module that failed to load once more, as an uncaught error.
    if (code === "NATIVE_MODULE") process.exit();
  },
);
