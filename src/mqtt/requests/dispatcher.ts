import type { Response } from "../../contract/index.js";
import { atMost } from "../../lib/at-most.js";
import { FlinchError } from "../../lib/errors.js";
import type { Logger } from "../../lib/logger.js";
import type { Inbound } from "../subscription.js";
import { Lane } from "./lane.js";
import { type Read, readPayload } from "./payload.js";
import type { Outcome, RequestKinds } from "./request.js";
import { quoted, RequestSchemas } from "./schemas.js";

export interface DispatcherOptions {
  readonly kinds: RequestKinds;
  /** `<prefix>/<device>/`, under which requests come and answers go. */
  readonly ownTopics: string;
  readonly bootId: string;
  /** Publishes an answer; rejects where that cannot be done now. */
  readonly answer: (topic: string, payload: Response, correlationData?: Buffer) => Promise<void>;
  readonly log: Logger;
  /** Most requests of one name that wait behind the one at work. */
  readonly maxWaiting?: number;
  /** Most requests of all names that have no answer yet; beyond that they are dropped, and counted. */
  readonly maxOpen?: number;
}

/** A request as it came; of a payload that the link does not hand on, its length alone. */
export type Question = Omit<Inbound, "payload"> & { readonly payload: Buffer | number };

const REQUEST = "request";
/** Most that a stop waits for the broker to take the last answers. */
const FAREWELL_MS = 2000;
/** Longer names mean nothing, and the answer to one would not fit into every topic that the question does. */
const MAX_NAME = 128;
const MAX_TOPIC = 512;

/** Whether one may publish there: a broker closes the connection of whoever publishes to anything else. */
function isTopic(topic: string): boolean {
  return topic.length <= MAX_TOPIC && !/[+#\p{Cc}\p{Cs}]/u.test(topic);
}

type Result = Pick<Response, "status" | "error" | "data">;

/** Takes requests as they come from the broker, and answers each one, whatever it is. */
export class Dispatcher {
  private readonly lanes: ReadonlyMap<string, Lane>;
  private readonly schemas = new RequestSchemas();
  private readonly open = new Set<Promise<void>>();
  private droppedCount = 0;
  /** What the log has said once: whoever can reach the broker must not fill it. */
  private readonly logged = new Set<"retained" | "elsewhere">();
  private stopped = false;

  constructor(private readonly options: DispatcherOptions) {
    const { kinds, maxWaiting = 4, log } = options;
    this.lanes = new Map(
      [...kinds].map(([name, { timeoutMs }]) => {
        const onLate = (failure: unknown) => {
          const how = failure === undefined ? "done" : "failed";
          log.warn({ request: name, err: failure }, `request ${name}: ${how} after its time was over`);
        };
        return [name, new Lane({ name, timeoutMs, maxWaiting, onLate })];
      }),
    );
  }

  /** Requests that got no answer because too many were open. */
  get dropped(): number {
    return this.droppedCount;
  }

  /** Takes a message from `request/#`; never throws. */
  take(message: Question): void {
    const { maxOpen = 1000, log } = this.options;
    // It would run, or be refused, again at every connection. An empty one clears it.
    if (message.retained) {
      const name = quoted(message.name, MAX_NAME);
      this.sayOnce("retained", { topic: name }, "a retained request is ignored; send it without the retain flag");
      return;
    }
    if (this.open.size >= maxOpen) {
      if (this.droppedCount++ === 0)
        log.warn({ open: this.open.size }, "too many requests at once; some get no answer");
      return;
    }
    const answered: Promise<void> = this.serve(message)
      .catch((err: unknown) => log.error({ err }, "a request could not be served"))
      .finally(() => this.open.delete(answered));
    this.open.add(answered);
  }

  /** Answers whatever is open with STOPPING, and does no more; waits a little for the broker to take the answers. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const lane of this.lanes.values()) lane.stop();
    await atMost(FAREWELL_MS, Promise.all(this.open));
  }

  private async serve(message: Question): Promise<void> {
    const name = message.name.slice(REQUEST.length + 1);
    const read = readPayload(message.payload);
    let outcome: Outcome = {};
    let result: Result;
    try {
      outcome = await this.outcomeOf(name, read);
      result = { status: "ok", ...(outcome.data !== undefined && { data: outcome.data }) };
    } catch (thrown) {
      result = { status: "error", error: this.errorOf(name, thrown) };
    }
    this.note(name, read, result);
    try {
      await this.send(name, message, { ...this.head(name, read), ...result });
    } finally {
      outcome.afterAnswer?.();
    }
  }

  private async outcomeOf(name: string, { problem, fields }: Read): Promise<Outcome> {
    if (this.stopped) throw new FlinchError("STOPPING", "the device stops");
    const { kinds } = this.options;
    const [kind, lane] = [kinds.get(name), this.lanes.get(name)];
    if (kind === undefined || lane === undefined) {
      const known = [...kinds.keys()].join(", ");
      throw new FlinchError("REQUEST_UNKNOWN", `no request '${quoted(name)}'; there are ${known}`);
    }
    if (problem !== undefined) throw problem;
    this.schemas.check(name, fields ?? {});
    const { transaction: _, ...parameters } = fields ?? {};
    return await lane.enter((signal) => kind.run(parameters, signal));
  }

  private errorOf(name: string, thrown: unknown): NonNullable<Response["error"]> {
    if (thrown instanceof FlinchError) return { code: thrown.code, message: thrown.message };
    this.options.log.error({ request: quoted(name), err: thrown }, `request ${quoted(name)} failed`);
    // What a fault of ours says may hold anything.
    return { code: "FAILED", message: "the request failed; the device's log says why" };
  }

  private head(name: string, { transaction }: Read): Omit<Response, keyof Result> {
    const { bootId } = this.options;
    const request = quoted(name, MAX_NAME);
    return { schema: "flinch/response/1", bootId, at: new Date().toISOString(), request, transaction };
  }

  private note(name: string, { transaction }: Read, { status, error }: Result): void {
    const { log, kinds } = this.options;
    const fields = { request: quoted(name), transaction, status, ...(error && { code: error.code }) };
    // What does not even have a name of ours is whoever's who can reach the broker: it must not fill the log.
    if (kinds.has(name)) log.info(fields, "request");
    else log.debug(fields, "request");
  }

  private async send(name: string, message: Question, response: Response): Promise<void> {
    const { answer, log } = this.options;
    try {
      await answer(this.topicFor(name, message), response, message.correlationData);
    } catch (err) {
      log.warn({ request: quoted(name), err }, "an answer did not reach the broker");
    }
  }

  /** Where the sender wants the answer, below the device's own `response/`; else where everybody finds it. */
  private topicFor(name: string, { responseTopic }: Question): string {
    const answers = `${this.options.ownTopics}response`;
    if (responseTopic !== undefined) {
      // Elsewhere it would speak in the device's name, or in somebody else's.
      if (responseTopic.startsWith(`${answers}/`) && isTopic(responseTopic)) return responseTopic;
      const fields = { request: quoted(name), responseTopic: quoted(responseTopic) };
      this.sayOnce("elsewhere", fields, `an answer was asked for outside of ${answers}/; it goes where it always does`);
    }
    return `${answers}${name === "" ? "" : `/${[...name].slice(0, MAX_NAME).join("")}`}`;
  }

  private sayOnce(what: "retained" | "elsewhere", fields: object, message: string): void {
    const { log } = this.options;
    if (this.logged.has(what)) log.debug(fields, message);
    else log.warn(fields, message);
    this.logged.add(what);
  }
}
