#!/usr/bin/env node
import { readFileSync } from "node:fs";
import type { Command } from "./commands/command.js";
import { FlinchError, reasonOf } from "./errors.js";
import { nearest } from "./nearest.js";

/** Loaded when it is asked for: help and configuration need neither OpenCV nor ONNX Runtime. */
type Load = () => Promise<Command>;

const COMMANDS: Readonly<Record<string, readonly [Load, string]>> = {
  run: [
    async () => (await import("./commands/run.js")).run,
    "watch the configured source and publish events over MQTT",
  ],
  analyze: [
    async () => (await import("./commands/analyze.js")).analyze,
    "VIDEO [--summary FILE.json] [--report FILE.html], or VIDEO… --out DIR: the events of files",
  ],
  doctor: [
    async () => (await import("./commands/doctor.js")).doctor,
    "check this machine, the models, the source and the broker",
  ],
  warm: [
    async () => (await import("./commands/warm.js")).warm,
    "[--force] [--dry-run] [--prune]: build what TensorRT runs, ahead of the first start",
  ],
  bench: [async () => (await import("./commands/bench.js")).bench, "[VIDEO] [--json]: measure this machine"],
  evaluate: [
    async () => (await import("./commands/evaluate.js")).evaluateCommand,
    "DIR [TUNING_DIR] [--json]: score the pipeline on simulated interviews",
  ],
  config: [
    async () => (await import("./commands/config.js")).config,
    "print | check | schema | pipeline | sign | docs",
  ],
  version: [async () => version, "the version, on one line"],
};

const version: Command = async ({ output }) => {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  output(`flinch ${version}`);
  return 0;
};

function usage(): string {
  const rows = Object.entries(COMMANDS).map(([name, [, what]]) => `  ${name.padEnd(9)}${what}`);
  return `usage: flinch COMMAND [--config FILE] [--KEY=VALUE …]\n\n${rows.join("\n")}`;
}

/** A native module is built for one version of Node: another, or a build that never ended, cannot load it. */
function loadFailure(cause: unknown): unknown {
  const { code } = cause as Partial<NodeJS.ErrnoException>;
  if (code !== "ERR_DLOPEN_FAILED" && code !== "MODULE_NOT_FOUND" && code !== "ERR_MODULE_NOT_FOUND") return cause;
  const why = `Node ${process.version} cannot load what Flinch is built on (${reasonOf(cause)})`;
  return new FlinchError("NATIVE_MODULE", `${why}; build it anew: npm run setup`, { cause });
}

function noCommand(name: string): string {
  const names = Object.keys(COMMANDS);
  const meant = nearest(name, names);
  const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
  return `no command '${name}'${hint}; there are ${names.join(", ")}`;
}

async function main(): Promise<number> {
  const [name = "", ...argv] = process.argv.slice(2);
  if (name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(`${usage()}\n`);
    return 0;
  }
  const load = Object.hasOwn(COMMANDS, name)
    ? COMMANDS[name]?.[0]
    : name === "--version"
      ? async () => version
      : undefined;
  if (load === undefined) {
    if (name !== "") throw new FlinchError("USAGE", noCommand(name));
    process.stderr.write(`${usage()}\n`);
    return 2;
  }
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort());
  // A reader that has seen enough (`flinch analyze … | head -1`) is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  const command = await load().catch((cause: unknown) => Promise.reject(loadFailure(cause)));
  return command({
    argv,
    env: process.env,
    output: (line) => process.stdout.write(`${line}\n`),
    signal: stop.signal,
  });
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
