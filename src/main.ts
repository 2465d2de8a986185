#!/usr/bin/env node
import { analyze } from "./commands/analyze.js";
import { bench } from "./commands/bench.js";
import type { Command } from "./commands/command.js";
import { config } from "./commands/config.js";
import { doctor } from "./commands/doctor.js";
import { evaluateCommand } from "./commands/evaluate.js";
import { run } from "./commands/run.js";
import { warm } from "./commands/warm.js";
import { FlinchError, reasonOf } from "./errors.js";

const COMMANDS: Readonly<Record<string, readonly [Command, string]>> = {
  run: [run, "watch the configured source and publish events over MQTT"],
  analyze: [analyze, "VIDEO [--summary FILE.json] [--report FILE.html], or VIDEO… --out DIR: the events of files"],
  doctor: [doctor, "check this machine, the models, the source and the broker"],
  warm: [warm, "[--force] [--dry-run] [--prune]: build what TensorRT runs, ahead of the first start"],
  bench: [bench, "[VIDEO] [--json]: measure this machine"],
  evaluate: [evaluateCommand, "DIR [TUNING_DIR] [--json]: score the pipeline on simulated interviews"],
  config: [config, "print | check | schema | pipeline | sign | docs"],
};

function usage(): string {
  const rows = Object.entries(COMMANDS).map(([name, [, what]]) => `  ${name.padEnd(9)}${what}`);
  return `usage: flinch COMMAND [--config FILE] [--KEY=VALUE …]\n\n${rows.join("\n")}`;
}

async function main(): Promise<number> {
  const [name = "", ...argv] = process.argv.slice(2);
  if (name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(`${usage()}\n`);
    return 0;
  }
  const command = COMMANDS[name]?.[0];
  if (command === undefined) {
    if (name !== "")
      throw new FlinchError("USAGE", `no command '${name}'; there are ${Object.keys(COMMANDS).join(", ")}`);
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
  },
);
