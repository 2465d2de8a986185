import type { KeyObject } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../config/index.js";
import { reasonOf } from "../errors.js";
import type { RemoteReport, ReportedDocument } from "../mqtt/index.js";
import { Serial } from "../serial.js";
import { changedKeys, effectOf } from "./effect.js";
import { judge } from "./judge.js";
import { configUnder, scopesOf, topicOfScope } from "./layers.js";
import { Refusal } from "./refusal.js";
import { isSigned } from "./signature.js";
import type { Accepted, Documents, Known, RemoteStore, Scope } from "./store.js";

/** What puts a configuration in force, and sees whether work goes on under it. */
export interface Applier {
  /** Rejects where it cannot be put in force; the one before stays. */
  apply(config: Config): Promise<void>;
  /** True once a frame was processed since the last `apply`, or where none can be expected; false when time is up. */
  proven(withinMs: number, signal: AbortSignal): Promise<boolean>;
}

export interface ShadowOptions {
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
  /** Called whenever there is something new to report. */
  readonly onReport: () => void;
}

/** Documents that are in force and not yet known to be good. */
interface Trial {
  readonly documents: Documents;
}

type Verdict = Omit<ReportedDocument, "inForce">;

/**
 * The device's shadow: takes the documents of `config/desired`, puts them in force as one with the local
 * configuration, keeps them on disk, and goes back to the last known good ones where the pipeline does not work under
 * them. Documents are taken one after the other.
 */
export class Shadow {
  private readonly serial = new Serial();
  private readonly stopping = new AbortController();
  private readonly verdicts = new Map<string, Verdict>();
  private good: Documents = {};
  private trial: Trial | undefined;
  private known: { readonly [scope: string]: Known } = {};
  private wanted: Config;
  private atStart: Config;
  private applier: Applier | undefined;

  private constructor(private readonly options: ShadowOptions) {
    this.wanted = options.local;
    this.atStart = options.local;
  }

  /** Reads what is on disk; a change that was on probation when the process crashed is taken back. Never fails. */
  static async open(options: ShadowOptions): Promise<Shadow> {
    const shadow = new Shadow(options);
    // Switched off, what was taken before stays on disk and is not in force.
    if (options.local.remote.enabled) await shadow.recall();
    return shadow;
  }

  /** The configuration that is to be in force. */
  config(): Config {
    return this.wanted;
  }

  report(): RemoteReport {
    const documents = this.documents();
    const of = (scope: Scope): ReportedDocument | null => {
      const verdict = this.verdicts.get(scope);
      return verdict === undefined ? null : { ...verdict, inForce: documents[scope]?.version ?? null };
    };
    const { groups } = this.options.local.device;
    return {
      desired: of("device"),
      groups: Object.fromEntries(groups.map((group) => [group, of(`group/${group}`)])),
      restartRequired: changedKeys(this.atStart, this.wanted).filter((path) => effectOf(path) === "process"),
    };
  }

  /** From now on documents are applied; call it when the pipeline is about to work. */
  begin(applier: Applier): void {
    this.applier = applier;
    const { trial } = this;
    if (trial !== undefined) void this.serial.run(() => this.prove(trial));
  }

  /** Takes the payload of a document; settles when it has been answered. Never rejects. */
  receive(scope: Scope, payload: Uint8Array): Promise<void> {
    return this.answered(scope, () => (payload.length === 0 ? this.clear(scope) : this.take(scope, payload)));
  }

  /** Answers a document that was too long to be taken. */
  refuseTooLong(scope: Scope, bytes: number): Promise<void> {
    return this.answered(scope, async () => {
      const { maxPayloadBytes } = this.options.local.mqtt;
      throw new Refusal(`the document has ${bytes} bytes, and mqtt.maxPayloadBytes allows ${maxPayloadBytes}`);
    });
  }

  /**
   * Asked when the pipeline failed.
   * @returns the configuration to go on with, where the failure is put down to a change on probation
   */
  async failed(thrown: unknown): Promise<Config | undefined> {
    if (this.trial === undefined) return undefined;
    return this.takeBack(`the pipeline failed: ${reasonOf(thrown)}`);
  }

  /** An orderly stop: what is on probation is tried again at the next start. */
  async suspend(): Promise<void> {
    this.stopping.abort();
    await this.serial.run(async () => {
      if (this.trial !== undefined) await this.save(false).catch((thrown: unknown) => this.cannotSave(thrown));
    });
  }

  private async recall(): Promise<void> {
    const { log, local, store } = this.options;
    const stored = await store.load();
    this.known = stored.known;
    this.good = this.own(stored.good);
    this.trial = stored.trial === null ? undefined : { documents: this.own(stored.trial.documents) };
    for (const scope of scopesOf(local)) this.recallVerdict(scope);
    if (stored.trial?.running) {
      await this.takeBack(`the process ended within ${local.remote.healthyWithinS} s of the change, and not in order`);
    } else if (this.trial !== undefined) {
      // Marked before it is applied: a crash from here on takes it back.
      await this.save(true).catch((thrown: unknown) => this.takeBack(`it cannot be tried: ${reasonOf(thrown)}`));
    }
    try {
      this.wanted = configUnder(local, this.documents());
    } catch (thrown) {
      await this.takeBack(`not valid with this local configuration: ${reasonOf(thrown)}`);
    }
    this.atStart = this.wanted;
    const versions = Object.fromEntries(
      Object.entries(this.documents()).map(([scope, { version }]) => [scope, version]),
    );
    if (Object.keys(versions).length > 0) log.info({ versions }, "remote configuration in force");
  }

  private recallVerdict(scope: Scope): void {
    const known = this.known[scope];
    if (known === undefined) return;
    const { version, rolledBack } = known;
    const document = this.documents()[scope];
    if (rolledBack !== null) this.say(scope, { version, status: "rolled_back", reason: rolledBack });
    else if (document !== undefined) {
      this.say(scope, { version, status: document.digest === this.good[scope]?.digest ? "applied" : "pending" });
    }
  }

  /** Only of this device and the groups that it is in now, and signed where that is demanded now. */
  private own(documents: Documents): Documents {
    const { local, key, log } = this.options;
    const kept = scopesOf(local).flatMap((scope) => {
      const document = documents[scope];
      if (document === undefined) return [];
      if (key === undefined || isSigned(key, topicOfScope(local, scope), document)) return [[scope, document] as const];
      log.warn({ scope, version: document.version }, "remote configuration on disk is not signed; not used");
      const { [scope]: _, ...known } = this.known;
      this.known = known;
      return [];
    });
    return Object.fromEntries(kept);
  }

  private documents(): Documents {
    return this.trial?.documents ?? this.good;
  }

  private answered(scope: Scope, work: () => Promise<void>): Promise<void> {
    return this.serial.run(async () => {
      if (this.stopping.signal.aborted) return;
      try {
        await work();
      } catch (thrown) {
        const refusal = thrown instanceof Refusal ? thrown : new Refusal("the document could not be judged");
        const { message: reason, version, keys } = refusal;
        this.options.log.warn({ scope, version, reason, refused: keys }, "remote configuration refused");
        if (refusal !== thrown) this.options.log.error({ err: thrown }, "judging a document failed");
        this.say(scope, { version, status: "refused", reason, refused: keys });
      }
      this.tell();
    });
  }

  private async take(scope: Scope, payload: Uint8Array): Promise<void> {
    const { local, key } = this.options;
    const document = judge(payload, topicOfScope(local, scope), key);
    const { version, digest } = document;
    const known = this.known[scope];
    if (known !== undefined && version <= known.version) {
      if (version < known.version) throw stale(version, `not newer than ${known.version}, which was taken before`);
      if (digest !== known.digest) throw stale(version, "taken before with other content; give it a higher version");
      if (this.isAnswered(scope, known)) return;
    }
    const documents = { ...this.documents(), [scope]: document };
    await this.adopt(scope, document, documents, { ...this.known, [scope]: { version, digest, rolledBack: null } });
  }

  /** True for a document that came before and has its answer: retained, it comes again on every connection. */
  private isAnswered(scope: Scope, { version, rolledBack }: Known): boolean {
    if (rolledBack === null && this.documents()[scope]?.version !== version) return false;
    this.recallVerdict(scope);
    if (rolledBack === null) this.say(scope, { version, status: "applied" });
    return true;
  }

  private async clear(scope: Scope): Promise<void> {
    if (this.options.key !== undefined) {
      throw new Refusal(
        'an empty payload bears no signature; to take all back, sign a newer version with "config": {}',
      );
    }
    const { [scope]: document, ...documents } = this.documents();
    const { [scope]: _, ...known } = this.known;
    this.verdicts.delete(scope);
    if (document !== undefined || this.known[scope] !== undefined) await this.adopt(scope, undefined, documents, known);
  }

  /** Puts documents in force, on probation. */
  private async adopt(
    scope: Scope,
    document: Accepted | undefined,
    documents: Documents,
    known: typeof this.known,
  ): Promise<void> {
    const version = document?.version ?? null;
    const { applier } = this;
    if (applier === undefined) throw new Refusal("the daemon is still starting", version);
    const config = this.together(documents, version);
    const before = { trial: this.trial, known: this.known };
    const trial: Trial = { documents };
    this.trial = trial;
    this.known = known;
    try {
      await this.save(true);
    } catch (thrown) {
      this.trial = before.trial;
      this.known = before.known;
      throw new Refusal(`the document cannot be kept on disk, so it is not applied (${reasonOf(thrown)})`, version);
    }
    const changed = changedKeys(this.wanted, config);
    this.options.log.info({ scope, version, changed }, "remote configuration taken");
    this.wanted = config;
    if (document !== undefined) this.say(scope, { version, status: "pending" });
    this.tell();
    try {
      await applier.apply(config);
    } catch (thrown) {
      await this.rollBack(trial, reasonOf(thrown));
      return;
    }
    this.tell();
    await this.prove(trial);
  }

  private together(documents: Documents, version: number | null): Config {
    try {
      return configUnder(this.options.local, documents);
    } catch (thrown) {
      if (thrown instanceof Refusal) throw new Refusal(thrown.message, version);
      throw thrown;
    }
  }

  /** Waits for work to go on under a change; then it counts as applied, and some time later as good. */
  private async prove(trial: Trial): Promise<void> {
    const withinS = this.options.local.remote.healthyWithinS;
    const until = performance.now() + withinS * 1000;
    const proven = await this.applier?.proven(withinS * 1000, this.stopping.signal);
    if (this.trial !== trial || this.stopping.signal.aborted) return;
    if (!proven) {
      await this.rollBack(trial, `no frame was processed within ${withinS} s of the change`);
      return;
    }
    for (const [scope, { status, version }] of this.verdicts) {
      if (status === "pending") this.say(scope, { version, status: "applied" });
    }
    this.tell();
    void this.settle(trial, until - performance.now());
  }

  /** The end of the probation. */
  private async settle(trial: Trial, inMs: number): Promise<void> {
    const { signal } = this.stopping;
    await sleep(Math.max(0, inMs), undefined, { signal, ref: false }).catch(() => undefined);
    await this.serial.run(async () => {
      if (this.trial !== trial || signal.aborted) return;
      const before = this.good;
      this.good = trial.documents;
      this.trial = undefined;
      try {
        await this.save(false);
      } catch (thrown) {
        // On disk it stays on probation: after a crash it would be taken back.
        this.good = before;
        this.trial = trial;
        this.cannotSave(thrown);
      }
    });
  }

  private async rollBack(trial: Trial, reason: string): Promise<void> {
    if (this.trial !== trial || this.stopping.signal.aborted) return;
    const config = await this.takeBack(reason);
    try {
      await this.applier?.apply(config);
    } catch (thrown) {
      this.options.log.error({ err: thrown }, "the last known good configuration cannot be put in force");
    }
  }

  /** Goes back to the last known good documents, here and on disk. */
  private async takeBack(reason: string): Promise<Config> {
    const { good, options } = this;
    const tried = this.documents();
    this.trial = undefined;
    const known: Record<string, Known> = { ...this.known };
    for (const scope of new Set([...Object.keys(tried), ...Object.keys(good)])) {
      if (tried[scope]?.digest === good[scope]?.digest) continue;
      // A clearing that is taken back has no version of its own.
      const { version, digest } = tried[scope] ?? (good[scope] as Accepted);
      known[scope] = { version, digest, rolledBack: tried[scope] === undefined ? null : reason };
      this.say(scope, { version, status: "rolled_back", reason });
    }
    this.known = known;
    this.wanted = this.goodConfig();
    options.log.warn({ reason }, "remote configuration rolled back");
    await this.save(false).catch((thrown: unknown) => this.cannotSave(thrown));
    this.tell();
    return this.wanted;
  }

  private goodConfig(): Config {
    try {
      return configUnder(this.options.local, this.good);
    } catch (thrown) {
      const reason = `not valid with this local configuration: ${reasonOf(thrown)}`;
      for (const [scope, { version }] of Object.entries(this.good)) {
        this.say(scope, { version, status: "refused", reason });
      }
      this.options.log.warn({ reason }, "remote configuration not in force");
      this.good = {};
      return this.options.local;
    }
  }

  /** Before the pipeline is about to work nobody listens. */
  private tell(): void {
    if (this.applier !== undefined) this.options.onReport();
  }

  private say(scope: string, verdict: Partial<Verdict> & Pick<Verdict, "version" | "status">): void {
    this.verdicts.set(scope, { reason: null, refused: [], ...verdict });
  }

  private save(running: boolean): Promise<void> {
    const { good, known, trial } = this;
    return this.options.store.save({
      good,
      known,
      trial: trial === undefined ? null : { documents: trial.documents, running },
    });
  }

  private cannotSave(thrown: unknown): void {
    this.options.log.error({ reason: reasonOf(thrown) }, "the remote configuration cannot be saved");
  }
}

function stale(version: number, why: string): Refusal {
  return new Refusal(`version ${version} is stale: ${why}`, version);
}
