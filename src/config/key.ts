/** A value as JSON writes it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/**
 * What it takes for a key's new value to count: nothing ("live"), another run of the pipeline, or another start of the
 * process.
 */
export type Effect = "live" | "pipeline" | "process";

/** What is said about every key besides its type. A key that may be set over MQTT says what that takes. */
export type KeyDescription<T> = SaidOfAll<T> &
  ({ readonly remote: true; readonly effect: Effect } | { readonly remote?: false; readonly effect?: Effect });

interface SaidOfAll<T> {
  /** One sentence for a person: what it does, and when to change it. */
  readonly doc: string;
  readonly default: T;
  readonly unit?: string;
  /** May be set over MQTT. Never for secrets, file paths, the purpose or the model. */
  readonly remote?: boolean;
  /** "process" where nothing is said. */
  readonly effect?: Effect;
  /** What may be shown of a value that can hold a secret. */
  readonly redact?: (text: string) => string;
  /** Shown in the docs where the default depends on the machine. */
  readonly defaultText?: string;
  /** It is the path of a file or a directory, which a shell can complete. */
  readonly path?: "file" | "directory";
}

/** One configuration key: all that the loader, the docs and the JSON Schema need to know. */
export class Key<T> {
  readonly doc: string;
  readonly default: T;
  readonly unit: string;
  readonly remote: boolean;
  readonly effect: Effect;
  readonly redact: ((text: string) => string) | undefined;
  readonly defaultText: string | undefined;
  readonly path: "file" | "directory" | undefined;

  constructor(
    description: KeyDescription<T>,
    /** Completes "must be …". */
    readonly allowed: string,
    readonly accepts: (value: unknown) => value is T,
    /** Reads the key from an environment variable or argument; text that is no such value comes back as it is. */
    readonly parse: (text: string) => unknown,
    readonly json: { readonly [name: string]: Json },
  ) {
    this.doc = description.doc;
    this.default = description.default;
    this.unit = description.unit ?? "";
    this.remote = description.remote ?? false;
    this.effect = description.effect ?? "process";
    this.redact = description.redact;
    this.defaultText = description.defaultText;
    this.path = description.path;
  }
}

export type Tree = { readonly [name: string]: AnyKey | Tree };
// A key of an unknown type: `accepts` makes Key<T> invariant, so that Key<unknown> would not do.
export type AnyKey = Pick<Key<unknown>, Exclude<keyof Key<unknown>, "accepts">> & {
  readonly accepts: (value: unknown) => boolean;
};

/** The type of the configuration that a tree of keys describes, readonly all the way down. */
export type ConfigOf<T> =
  T extends Key<infer V>
    ? V extends readonly (infer E)[]
      ? readonly E[]
      : V
    : { readonly [K in keyof T]: ConfigOf<T[K]> };

export function isKey(node: AnyKey | Tree): node is AnyKey {
  return node instanceof Key;
}
