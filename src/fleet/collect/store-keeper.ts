import { setTimeout as sleep } from "node:timers/promises";
import { FlinchError, reasonOf } from "../../lib/errors.js";
import type { Logger } from "../../lib/logger.js";
import { retryDelays } from "../../lib/retry-delays.js";
import { type Failure, judge, openDatabase, type Target } from "./database/index.js";
import { Store } from "./store.js";

const WAITS = { minMs: 100, maxMs: 1000 };

/** What to say of a database that takes nothing now. */
const SAID: Readonly<Record<Exclude<Failure, "data">, string>> = {
  full: "the database's disk is full; make room: nothing is acknowledged until then, and the broker keeps what comes",
  away: "the database cannot be reached or used; nothing is acknowledged until it can, and the broker keeps what comes",
  refused: "the database refuses this user; nothing is acknowledged until that changes",
};

/** A store that is opened anew whenever its database fails, until it works. */
export class StoreKeeper {
  private store: Store | undefined;
  private said: string | undefined;

  constructor(
    private readonly target: Target,
    private readonly logger: Logger,
  ) {}

  /** True while nothing is known to be wrong. */
  get works(): boolean {
    return this.store !== undefined && this.said === undefined;
  }

  /**
   * Works with the store, again and again until that goes well.
   * @throws the failure where it is one of data; FlinchError where no other attempt would help; the signal's reason
   */
  async use<T>(work: (store: Store) => Promise<T>, signal: AbortSignal): Promise<T> {
    const waits = retryDelays(WAITS);
    for (;;) {
      signal.throwIfAborted();
      try {
        this.store ??= new Store(await openDatabase(this.target));
        const result = await work(this.store);
        if (this.said !== undefined) this.logger.warn({}, "collect: the database takes rows again");
        this.said = undefined;
        return result;
      } catch (thrown) {
        await this.failed(thrown);
        await sleep(waits.next().value, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** May be called twice. */
  async close(): Promise<void> {
    const { store } = this;
    this.store = undefined;
    await store?.database.close();
  }

  private async failed(thrown: unknown): Promise<void> {
    if (thrown instanceof FlinchError) throw thrown;
    const failure = judge(this.target, thrown);
    if (failure === "data") throw thrown;
    await this.close();
    const reason = reasonOf(thrown) || String((thrown as { readonly code?: unknown }).code);
    if (reason !== this.said) this.logger.error({ reason }, `collect: ${SAID[failure]} (${reason})`);
    this.said = reason;
  }
}
