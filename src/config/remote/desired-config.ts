import { setTimeout as sleep } from "node:timers/promises";
import type { RemoteReport, ReportedDocument } from "../../contract/index.js";
import { reasonOf } from "../../lib/errors.js";
import { Serial } from "../../lib/serial.js";
import type { ConfigInForce } from "../in-force.js";
import type { Config } from "../index.js";
import { ConfigResults } from "./config-results.js";
import { DesiredDocuments, type DesiredDocumentsOptions, type Trial } from "./desired-documents.js";
import { changedKeys, effectOf } from "./effect.js";
import { judge } from "./judge.js";
import { configUnder, scopesOf, topicOfScope } from "./layers.js";
import { Refusal } from "./refusal.js";
import type { Accepted, Known, Scope } from "./store.js";
import { rangesOf, versionOf, Waiting } from "./waiting.js";

/** What puts a configuration in force, and sees whether work goes on under it. */
export interface Applier {
  /** Rejects where it cannot be put in force; the one before stays. */
  apply(config: Config): Promise<void>;
  /** True once a frame was processed since the last `apply`, or where none can be expected; false when time is up. */
  proven(withinMs: number, signal: AbortSignal): Promise<boolean>;
}

export interface DesiredConfigOptions extends DesiredDocumentsOptions {
  readonly inForce: Pick<ConfigInForce, "current">;
  /** Called whenever there is something new to report. */
  readonly onReport: () => void;
}

/** Versions up to here are free: microseconds since 1970 stay below it until 2112. */
const FREE_VERSIONS = 2 ** 52;
/** Beyond, a version may be so much above the last one: there is always room for a next. */
const STRIDE = 1_000_000;

/**
 * Takes the documents of `config/desired`, puts them in force as one with the local
 * configuration, and goes back to the last known good ones where the pipeline does not work under them. Documents are
 * taken one after the other; of those that come while one is at work only the newest is.
 */
export class DesiredConfig {
  private readonly serial = new Serial();
  private readonly stopping = new AbortController();
  private readonly results = new ConfigResults();
  private readonly waiting = new Waiting();
  private atStart: Config;
  private applier: Applier | undefined;

  private constructor(
    private readonly options: DesiredConfigOptions,
    private readonly kept: DesiredDocuments,
  ) {
    this.atStart = options.local;
  }

  /** Reads what is on disk; a change that was on probation when the process crashed is taken back. Never fails. */
  static async open(options: DesiredConfigOptions): Promise<DesiredConfig> {
    const desired = new DesiredConfig(options, await DesiredDocuments.open(options));
    await desired.recall();
    return desired;
  }

  /** The configuration that is to be in force: the local one with the documents over it. */
  config(): Config {
    return configUnder(this.options.local, this.kept.documents());
  }

  report(): RemoteReport {
    const documents = this.kept.documents();
    const of = (scope: Scope): ReportedDocument | null => {
      const result = this.results.of(scope);
      if (result === undefined) return null;
      return { ...result, superseded: this.results.superseded(scope), inForce: documents[scope]?.version ?? null };
    };
    const { local, inForce } = this.options;
    const { groups } = local.device;
    return {
      desired: of("device"),
      groups: Object.fromEntries(groups.map((group) => [group, of(`group/${group}`)])),
      restartRequired: changedKeys(this.atStart, inForce.current).filter((path) => effectOf(path) === "process"),
    };
  }

  /** From now on documents are applied; call it when the pipeline is about to work. */
  begin(applier: Applier): void {
    this.applier = applier;
    const trial = this.kept.trial();
    if (trial !== undefined) void this.serial.run(() => this.prove(trial));
  }

  /** Takes the payload of a document; settles when it has been answered. Never rejects. */
  receive(scope: Scope, payload: Uint8Array): Promise<void> {
    this.waiting.add(scope, payload);
    return this.answered(scope, () => this.takeNewest(scope));
  }

  /** Answers a document that was too long to be taken. */
  refuseTooLong(scope: Scope, bytes: number): Promise<void> {
    return this.answered(scope, () => {
      const { maxPayloadBytes } = this.options.local.mqtt;
      throw new Refusal(`the document has ${bytes} bytes, and mqtt.maxPayloadBytes allows ${maxPayloadBytes}`);
    });
  }

  /**
   * Asked when the pipeline failed.
   * @returns the configuration to go on with, where the failure is put down to a change on probation
   */
  async failed(thrown: unknown): Promise<Config | undefined> {
    if (this.kept.trial() === undefined) return undefined;
    return this.takeBack(`the pipeline failed: ${reasonOf(thrown)}`);
  }

  /** An orderly stop: what is on probation is tried again at the next start. */
  async suspend(): Promise<void> {
    this.stopping.abort();
    await this.serial.run(() => this.kept.suspend());
  }

  private async recall(): Promise<void> {
    const { kept, options } = this;
    const { local, log } = options;
    for (const scope of scopesOf(local)) this.recallResult(scope);
    if (kept.crashed) {
      await this.takeBack(`the process ended within ${local.remote.healthyWithinS} s of the change, and not in order`);
    } else if (kept.trial() !== undefined) {
      // Marked before it is applied: a crash from here on takes it back.
      await kept.tryAgain().catch((thrown: unknown) => this.takeBack(`it cannot be tried: ${reasonOf(thrown)}`));
    }
    try {
      this.atStart = this.config();
    } catch (thrown) {
      this.atStart = await this.takeBack(`not valid with this local configuration: ${reasonOf(thrown)}`);
    }
    const versions = Object.entries(kept.documents()).map(([scope, { version }]) => [scope, version] as const);
    if (versions.length > 0) log.info({ versions: Object.fromEntries(versions) }, "remote configuration in force");
  }

  /** Says again what became of the newest document that was taken. */
  private recallResult(scope: Scope): void {
    const known = this.kept.newest(scope);
    if (known === undefined) return;
    const { version, rolledBack } = known;
    if (rolledBack !== null) this.results.say(scope, { version, status: "rolled_back", reason: rolledBack });
    else if (this.kept.documents()[scope] !== undefined) {
      this.results.say(scope, { version, status: this.kept.isGood(scope) ? "applied" : "pending" });
    }
  }

  /** @param work resolves to false where there was nothing to answer any more */
  private answered(scope: Scope, work: () => Promise<boolean>): Promise<void> {
    return this.serial.run(async () => {
      if (this.stopping.signal.aborted) return;
      try {
        if (!(await work())) return;
      } catch (thrown) {
        this.refuse(scope, thrown);
      }
      this.tell();
    });
  }

  private refuse(scope: Scope, thrown: unknown): void {
    const { log } = this.options;
    const refusal = thrown instanceof Refusal ? thrown : new Refusal("the document could not be judged");
    const { message: reason, version, keys: refused } = refusal;
    log.warn({ scope, version, reason, refused }, "remote configuration refused");
    if (refusal !== thrown) log.error({ err: thrown }, "judging a document failed");
    this.results.say(scope, { version, status: "refused", reason, refused });
  }

  /**
   * Takes the newest document of those that have come, or the newest that can be taken; the older ones are answered
   * together, as superseded.
   * @returns false where what came was taken with an earlier one
   * @throws what the last one is refused for
   */
  private async takeNewest(scope: Scope): Promise<boolean> {
    const { cleared, documents, passedOver } = this.waiting.takeAll(scope);
    if (!cleared && documents.length === 0) return false;
    this.results.supersede(scope, []);
    let refusal: { readonly thrown: unknown } | undefined;
    if (cleared) {
      await this.clear(scope).catch((thrown: unknown) => {
        // The answer to a document after it takes the place of this one.
        if (documents.length === 0) refusal = { thrown };
      });
    }
    const versions = documents.map(versionOf);
    for (const [at, payload] of [...documents.entries()].reverse()) {
      const answered = new Set([versions.at(-1), versions[at]]);
      const others = [...passedOver, ...versions].filter((version) => version !== undefined && !answered.has(version));
      this.results.supersede(scope, rangesOf(others as number[]));
      try {
        await this.take(scope, payload);
        break;
      } catch (thrown) {
        refusal ??= { thrown };
      }
    }
    if (refusal !== undefined) throw refusal.thrown;
    return true;
  }

  private async take(scope: Scope, payload: Uint8Array): Promise<void> {
    const { local, key } = this.options;
    const document = judge(payload, topicOfScope(local, scope), key);
    const { version, digest } = document;
    const newest = this.kept.newest(scope);
    if (newest !== undefined && version <= newest.version) {
      if (version < newest.version) throw stale(version, `not newer than ${newest.version}, which was taken before`);
      if (digest !== newest.digest) throw stale(version, "taken before with other content; give it a higher version");
      if (this.isAnswered(scope, newest)) return;
    }
    const most = Math.max(FREE_VERSIONS, (newest?.version ?? 0) + STRIDE);
    if (version > most)
      throw new Refusal(`version ${version} leaves too little room above it; at most ${most}`, version);
    await this.adopt(scope, document);
  }

  /** True for a document that came before and has its answer: retained, it comes again on every connection. */
  private isAnswered(scope: Scope, { version, rolledBack }: Known): boolean {
    if (rolledBack !== null) this.recallResult(scope);
    else if (this.kept.documents()[scope]?.version !== version) return false;
    else this.results.say(scope, { version, status: "applied" });
    return true;
  }

  private async clear(scope: Scope): Promise<void> {
    if (this.options.key !== undefined) {
      throw new Refusal(
        'an empty payload bears no signature; to take all back, sign a newer version with "config": {}',
      );
    }
    const { kept } = this;
    const isThere = kept.documents()[scope] !== undefined || kept.newest(scope) !== undefined;
    this.results.forget(scope);
    if (isThere) await this.adopt(scope, undefined);
  }

  /** Puts a document in force, or takes it out, on probation. */
  private async adopt(scope: Scope, document: Accepted | undefined): Promise<void> {
    const version = document?.version ?? null;
    const { applier, kept } = this;
    if (applier === undefined) throw new Refusal("the daemon is still starting", version);
    const config = this.configWith(scope, document);
    const trial = await kept.adopt(scope, document).catch((thrown: unknown) => {
      throw new Refusal(`the document cannot be kept on disk, so it is not applied (${reasonOf(thrown)})`, version);
    });
    // The pipeline may have failed meanwhile, and the change with it.
    if (!this.isOn(trial)) return;
    const changed = changedKeys(this.options.inForce.current, config);
    this.options.log.info({ scope, version, changed }, "remote configuration taken");
    if (document !== undefined) this.results.say(scope, { version, status: "pending" });
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

  private configWith(scope: Scope, document: Accepted | undefined): Config {
    const { [scope]: _, ...others } = this.kept.documents();
    try {
      return configUnder(this.options.local, document === undefined ? others : { ...others, [scope]: document });
    } catch (thrown) {
      throw thrown instanceof Refusal ? new Refusal(thrown.message, document?.version ?? null) : thrown;
    }
  }

  /** Waits for work to go on under a change; then it counts as applied, and some time later as good. */
  private async prove(trial: Trial): Promise<void> {
    const withinS = this.options.local.remote.healthyWithinS;
    const until = performance.now() + withinS * 1000;
    const proven = await this.applier?.proven(withinS * 1000, this.stopping.signal);
    if (!this.isOn(trial)) return;
    if (!proven) {
      await this.rollBack(trial, `no frame was processed within ${withinS} s of the change`);
      return;
    }
    this.results.applied();
    this.tell();
    void this.settle(trial, until - performance.now());
  }

  /** The end of the probation. */
  private async settle(trial: Trial, inMs: number): Promise<void> {
    const { signal } = this.stopping;
    await sleep(Math.max(0, inMs), undefined, { signal, ref: false }).catch(() => undefined);
    await this.serial.run(async () => {
      if (this.isOn(trial)) await this.kept.settle(trial);
    });
  }

  private isOn(trial: Trial): boolean {
    return this.kept.trial() === trial && !this.stopping.signal.aborted;
  }

  private async rollBack(trial: Trial, reason: string): Promise<void> {
    if (!this.isOn(trial)) return;
    const config = await this.takeBack(reason);
    try {
      await this.applier?.apply(config);
    } catch (thrown) {
      this.options.log.error({ err: thrown }, "the last known good configuration cannot be put in force");
    }
  }

  /** Goes back to the last known good documents. */
  private async takeBack(reason: string): Promise<Config> {
    for (const { scope, version } of await this.kept.takeBack(reason)) {
      this.results.say(scope, { version, status: "rolled_back", reason });
      this.options.log.warn({ scope, version, reason }, "remote configuration rolled back");
    }
    const config = this.goodConfig();
    this.tell();
    return config;
  }

  private goodConfig(): Config {
    try {
      return this.config();
    } catch (thrown) {
      const reason = `not valid with this local configuration: ${reasonOf(thrown)}`;
      for (const [scope, { version }] of Object.entries(this.kept.dropGood())) {
        this.results.say(scope, { version, status: "refused", reason });
      }
      this.options.log.warn({ reason }, "remote configuration not in force");
      return this.options.local;
    }
  }

  /** Before the pipeline is about to work nobody listens. */
  private tell(): void {
    if (this.applier !== undefined) this.options.onReport();
  }
}

function stale(version: number, why: string): Refusal {
  return new Refusal(`version ${version} is stale: ${why}`, version);
}
