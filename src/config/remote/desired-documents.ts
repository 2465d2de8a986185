import type { KeyObject } from "node:crypto";
import { reasonOf } from "../../lib/errors.js";
import type { Config } from "../index.js";
import { scopesOf, topicOfScope } from "./layers.js";
import { isSigned } from "./signature.js";
import type { Accepted, Documents, Known, RemoteStore, Scope } from "./store.js";

/** Documents that are in force and not yet known to be good. */
export interface Trial {
  readonly documents: Documents;
}

export interface DesiredDocumentsOptions {
  /** Of defaults, files, environment and arguments. */
  readonly local: Config;
  /** Whose signature every document must bear. */
  readonly key: KeyObject | undefined;
  readonly store: Pick<RemoteStore, "load" | "save">;
  readonly log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
}

/** A document that was taken back, or a clearing that was. */
export interface TakenBack {
  readonly scope: string;
  readonly version: number;
}

/** Which documents are good, which are on probation, and which versions were taken: in memory as on disk. */
export class DesiredDocuments {
  private constructor(
    private readonly options: DesiredDocumentsOptions,
    private goodOnes: Documents,
    private known: { readonly [scope: string]: Known },
    private current: Trial | undefined,
    /** True where the process that wrote the disk crashed with a change on probation. */
    readonly crashed: boolean,
  ) {}

  /** Reads the disk, but for documents that this device does not take any more. Never fails. */
  static async open(options: DesiredDocumentsOptions): Promise<DesiredDocuments> {
    // Switched off, what was taken before stays on disk and is not in force.
    if (!options.local.remote.enabled) return new DesiredDocuments(options, {}, {}, undefined, false);
    const { good, trial, known } = await options.store.load();
    const own = (documents: Documents) => takenHere(documents, options);
    const current = trial === null ? undefined : { documents: own(trial.documents) };
    const kept = new DesiredDocuments(options, own(good), known, current, trial?.running ?? false);
    if (options.key !== undefined) kept.forgetUnsigned({ ...good, ...trial?.documents });
    return kept;
  }

  /** The documents in force. */
  documents(): Documents {
    return this.current?.documents ?? this.goodOnes;
  }

  /** The change on probation, if there is one. */
  trial(): Trial | undefined {
    return this.current;
  }

  isGood(scope: Scope): boolean {
    return this.documents()[scope]?.digest === this.goodOnes[scope]?.digest;
  }

  /** The newest version of a document that was ever taken. */
  newest(scope: Scope): Known | undefined {
    return this.known[scope];
  }

  /**
   * Takes a document in, or out, on probation.
   * @throws what the disk says; nothing has changed then
   */
  async adopt(scope: Scope, document: Accepted | undefined): Promise<Trial> {
    const before = [this.current, this.known] as const;
    const { [scope]: _, ...others } = this.documents();
    const { [scope]: __, ...known } = this.known;
    const trial: Trial = { documents: document === undefined ? others : { ...others, [scope]: document } };
    this.current = trial;
    this.known =
      document === undefined
        ? known
        : { ...known, [scope]: { version: document.version, digest: document.digest, rolledBack: null } };
    try {
      await this.save(true);
    } catch (thrown) {
      [this.current, this.known] = before;
      throw thrown;
    }
    return trial;
  }

  /** The change on probation is good; where the disk refuses that, it stays on probation. */
  async settle(trial: Trial): Promise<void> {
    if (this.current !== trial) return;
    const before = this.goodOnes;
    this.goodOnes = trial.documents;
    this.current = undefined;
    try {
      await this.save(false);
    } catch (thrown) {
      this.goodOnes = before;
      this.current = trial;
      this.cannotSave(thrown);
    }
  }

  /** Goes back to the good documents, and remembers which were not. */
  async takeBack(reason: string): Promise<TakenBack[]> {
    const [tried, good] = [this.documents(), this.goodOnes];
    this.current = undefined;
    const taken: TakenBack[] = [];
    const known: Record<string, Known> = { ...this.known };
    for (const scope of new Set([...Object.keys(tried), ...Object.keys(good)])) {
      if (tried[scope]?.digest === good[scope]?.digest) continue;
      // A clearing that is taken back has no version of its own.
      const { version, digest } = tried[scope] ?? (good[scope] as Accepted);
      known[scope] = { version, digest, rolledBack: tried[scope] === undefined ? null : reason };
      taken.push({ scope, version });
    }
    this.known = known;
    await this.save(false).catch((thrown: unknown) => this.cannotSave(thrown));
    return taken;
  }

  /** Even the good documents are in force no more; the disk keeps them until others come. */
  dropGood(): Documents {
    const dropped = this.goodOnes;
    this.goodOnes = {};
    return dropped;
  }

  /** Marks on disk that the change on probation is about to be tried. Rejects where the disk refuses. */
  async tryAgain(): Promise<void> {
    await this.save(true);
  }

  /** Marks on disk that the process stops in order. */
  async suspend(): Promise<void> {
    if (this.current !== undefined) await this.save(false).catch((thrown: unknown) => this.cannotSave(thrown));
  }

  /** What was taken unsigned leaves no version behind that a signed one would have to exceed. */
  private forgetUnsigned(stored: Documents): void {
    const known = Object.entries(this.known).filter(([scope]) => {
      return stored[scope] === undefined || this.documents()[scope] !== undefined || this.goodOnes[scope] !== undefined;
    });
    this.known = Object.fromEntries(known);
  }

  private save(running: boolean): Promise<void> {
    const { goodOnes: good, known, current } = this;
    const trial = current === undefined ? null : { documents: current.documents, running };
    return this.options.store.save({ good, known, trial });
  }

  private cannotSave(thrown: unknown): void {
    this.options.log.error({ reason: reasonOf(thrown) }, "the remote configuration cannot be saved");
  }
}

/** Only of this device and the groups that it is in now, and signed where that is demanded now. */
function takenHere(documents: Documents, { local, key, log }: DesiredDocumentsOptions): Documents {
  const taken = scopesOf(local).flatMap((scope) => {
    const document = documents[scope];
    if (document === undefined) return [];
    if (key === undefined || isSigned(key, topicOfScope(local, scope), document)) return [[scope, document] as const];
    log.warn({ scope, version: document.version }, "remote configuration on disk is not signed; not used");
    return [];
  });
  return Object.fromEntries(taken);
}
