import { Argument } from "commander";
import { Parser } from "../config/command-line.js";
import { flinchVersion } from "../lib/package-version.js";
import type { CommandContext, CommandDescription, CommandGroup } from "./command.js";
import { COMMANDS } from "./descriptions.js";
import { prepare } from "./prepare.js";
import { SHELLS } from "./shells.js";

/** Runs a command that was asked for. */
export type Run = (load: CommandDescription["load"], line: CommandContext["line"]) => Promise<void>;

const HELP = "print what a command does and takes";
const CONFIGURATION = `
Every key of the configuration is an option too, --KEY=VALUE, over the files.
"flinch config docs" and docs/configuration.md list them with their defaults.`;

/** The command line as a whole: it parses, prints help, and knows what can be completed. */
export function createProgram(run: Run): Parser {
  const program = new Parser("flinch")
    .description("Watches faces for micro-expressions and publishes them over MQTT.")
    .version(`flinch ${flinchVersion()}`, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .configureHelp({
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(termOf)].join(" "),
    })
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  addAll(program, COMMANDS, run);
  addHelp(program);
  addComplete(program, run);
  return program;
}

function termOf(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

/** Help says nothing about single keys, and shall be quick. */
function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf("--");
  return words.slice(0, end === -1 ? undefined : end).some((word) => word === "-h" || word === "--help");
}

function addAll(parent: Parser, descriptions: readonly (CommandDescription | CommandGroup)[], run: Run): void {
  parent.hook("preSubcommand", async ({ args }, chosen) => {
    if (!asksForHelp(args)) await prepare(chosen as Parser);
  });
  for (const description of descriptions) {
    const command = parent.command(description.name).description(description.summary);
    if ("commands" in description)
      addAll(command.enablePositionalOptions().helpCommand(false), description.commands, run);
    else describe(command, description).action(() => run(description.load, command.line()));
  }
}

function describe(command: Parser, description: CommandDescription): Parser {
  for (const [name, what] of Object.entries(description.arguments ?? {})) {
    if (typeof what === "string") command.argument(name, what);
    else command.addArgument(new Argument(name, what.about).choices(what.choices));
  }
  for (const [flags, about] of Object.entries(description.options ?? {})) command.option(flags, about);
  if (description.configured) command.takeConfiguration().addHelpText("after", CONFIGURATION);
  return command.addHelpText("after", `\nExample:\n  $ ${description.example}`);
}

/** Not commander's own: that one knows no `flinch help config sign`. */
function addHelp(program: Parser): void {
  program
    .command("help")
    .description(HELP)
    .argument("[COMMAND...]", "a command (default: all, on a line each)")
    .action((names: readonly string[]) => {
      let command = program;
      for (const name of names) {
        const next = command.commands.find((candidate) => candidate.name() === name);
        if (next === undefined) throw command.noCommand(name);
        command = next as Parser;
      }
      command.help();
    });
}

/** What the script of `flinch completion` asks while somebody types: the words so far, as they are. */
function addComplete(program: Parser, run: Run): void {
  const command = program.command("complete", { hidden: true });
  command.addArgument(new Argument("<SHELL>").choices(SHELLS)).argument("[WORDS...]");
  command.helpOption(false).passThroughOptions();
  const load = async () => (await import("./completion.js")).complete(program);
  command.action(() => run(load, command.line()));
}
