import { Command, type ErrorOptions, Option, type ParseOptionsResult } from "commander";
import { FlinchError } from "../lib/errors.js";
import { nearest } from "../lib/nearest.js";
import type { Setting } from "./layer.js";
import { unknownKey } from "./unknown-key.js";

/** A command line, taken apart. */
export interface CommandLine {
  readonly settings: readonly Setting[];
  /** The files after `--config`, in order. */
  readonly files: readonly string[];
  /** The switches of the command that were given. */
  readonly switches: ReadonlySet<string>;
  /** Name → value of the command's own options that were given, the last where there are several. */
  readonly options: ReadonlyMap<string, string>;
  /** What is no option: a command's own arguments. */
  readonly positionals: readonly string[];
}

/** An option that sets a key of the configuration. */
export class KeyOption extends Option {
  constructor(
    key: string,
    description: string,
    /** Judges the value. */
    readonly read: (text: string) => Setting,
    /** Whether the option may stand alone, for true, before a word that is no value of its key. */
    readonly standsAloneBefore: (word: string) => boolean,
    /** What its value is the path of. */
    readonly path: "file" | "directory" | undefined,
    /** For completion: `read` judges. */
    choices: string[] | undefined,
  ) {
    super(`--${key} [VALUE]`, description);
    if (choices !== undefined) this.argChoices = choices;
    this.hideHelp();
  }
}

/**
 * commander, as Flinch wants it: every refusal is a FlinchError, and names the nearest thing where there is one.
 * What an option's value is worth is judged in `line()`: help goes before whatever else is wrong.
 */
export class Parser extends Command {
  /** Takes `--config` and every key of the configuration; `addKeys` gives it those. */
  configured = false;

  override createCommand(name?: string): Parser {
    return new Parser(name);
  }

  override createOption(flags: string, description?: string): Option {
    const option = new Option(flags, description);
    // So that commander takes no `--next` for a value: `--report --config=a` is a forgotten value, no file's name.
    if (option.required) [option.required, option.optional] = [false, true];
    return option;
  }

  /** Takes `--config FILE`, and keys once `addKeys` has added them. */
  takeConfiguration(): this {
    this.configured = true;
    const collect = (file: string, files: readonly string[] = []) => [...files, file];
    const about = "configuration in JSON, over the defaults; the later over the earlier where there are several";
    return this.option("--config <FILE.json>", about, collect);
  }

  // A word that is no value of the key is left alone: commander would take the video in `--source.loop a.mp4`.
  override parseOptions(argv: string[]): ParseOptionsResult {
    const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
    const explicit = argv.map((word, i) => {
      const option =
        i < end && word.startsWith("--") ? this.options.find((candidate) => candidate.long === word) : undefined;
      return option instanceof KeyOption && option.standsAloneBefore(argv[i + 1] ?? "") ? `${word}=true` : word;
    });
    return super.parseOptions(explicit);
  }

  /**
   * What was parsed.
   * @throws FlinchError CONFIG_INVALID for a wrong value of a key, USAGE for a missing value
   */
  line(): CommandLine {
    const settings: Setting[] = [];
    let files: readonly string[] = [];
    const switches = new Set<string>();
    const options = new Map<string, string>();
    for (const option of this.options) {
      const name = option.name();
      const value: unknown = this.getOptionValue(option.attributeName());
      if (value === undefined) continue;
      if (!option.optional) switches.add(name);
      else if (value === true) throw new FlinchError("USAGE", `--${name} needs a value: --${name}=VALUE`);
      else if (option instanceof KeyOption) settings.push(option.read(value as string));
      else if (name === "config") files = value as readonly string[];
      else options.set(name, value as string);
    }
    return { settings, files, switches, options, positionals: this.args };
  }

  /** How the command is written, on one line. */
  usageLine(): string {
    return `usage: ${this.createHelp().commandUsage(this)}`;
  }

  override error(message: string, options?: ErrorOptions): never {
    const what = /'(.*)'/.exec(message)?.[1] ?? "";
    if (options?.code === "commander.unknownCommand") throw this.noCommand(what);
    if (options?.code === "commander.unknownOption") throw this.noOption(what.replace(/=.*/s, ""));
    throw new FlinchError("USAGE", `${message.replace(/^error: |\.$/g, "")}; ${this.usageLine()}`);
  }

  /** The refusal of a command that is none of this one's. */
  noCommand(name: string): FlinchError {
    const names = this.createHelp()
      .visibleCommands(this)
      .map((command) => command.name());
    const meant = nearest(name, names);
    const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
    const group = this.parent === null ? "" : `${this.name()} `;
    return new FlinchError("USAGE", `no command '${group}${name}'${hint}; there are ${names.join(", ")}`);
  }

  private noOption(written: string): FlinchError {
    const known = ["--help", ...this.options.flatMap(({ long }) => long ?? [])];
    const meant = written.startsWith("--") ? nearest(written, known) : undefined;
    if (this.configured && written.startsWith("--")) return unknownKey(written, "command line", meant);
    const hint = meant === undefined ? this.usageLine() : `did you mean ${meant}?`;
    return new FlinchError("USAGE", `there is no option ${written}; ${hint}`);
  }
}
