import type { Config } from "./schema/index.js";

/** Holds the configuration in force, for all that go by it: they ask when they need it, or are told of another. */
export class ConfigInForce {
  private readonly listeners: ((config: Config) => void)[] = [];

  constructor(private config: Config) {}

  get current(): Config {
    return this.config;
  }

  /** From now on this one is in force, be it another or the same; everyone is told, in the order in which they asked to be. */
  replace(config: Config): void {
    this.config = config;
    for (const listener of this.listeners) listener(config);
  }

  onReplace(listener: (config: Config) => void): void {
    this.listeners.push(listener);
  }
}
