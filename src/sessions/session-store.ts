import { randomUUID } from "node:crypto";
import type { Counts, Session, SessionEnd, SessionReport, SessionWish } from "../contract/index.js";
import { whyDisk } from "../lib/disk.js";
import { FlinchError } from "../lib/errors.js";
import type { Logger } from "../lib/logger.js";
import { SessionFile, type SessionFileContent } from "./session-file.js";
import { countsOf, DAY_BIN_MS, reportOf, SESSION_BIN_MS } from "./summary.js";
import { type SourceCounts, Tally } from "./tally.js";

const HOUR_MS = 3_600_000;
/** What a crash may cost the counts of a session. */
const SAVE_EVERY_MS = 30_000;
/** Longer than this Node's timers do not wait. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface SessionStoreOptions {
  readonly directory: string;
  /** Longest session, in hours. */
  readonly maxHours: () => number;
  readonly log: Logger;
  /** What a session is unless it is asked to be something else. */
  readonly defaults: () => { readonly room: string; readonly purpose: string };
  /** Puts the summary where it cannot be lost; only then is the session forgotten. */
  readonly onEnd: (report: SessionReport) => Promise<void>;
  /** Called before a session ends: brings what is under way to its end, so that the session still has it. */
  readonly settle?: () => Promise<void>;
  /** Called when a session has begun or ended, or could not be ended. */
  readonly onChange?: () => void;
  /** What the source has counted; asked whenever that is written down. */
  readonly source: () => SourceCounts | undefined;
  readonly now?: () => number;
}

interface Open {
  readonly session: Session;
  readonly tally: Tally;
}

/** What a day came to. */
export interface DayReport extends Counts {
  readonly from: string;
  readonly to: string;
  readonly sessions: number;
}

/**
 * Keeps the open session and counts, for it and for the day, what is seen and raised. Survives a restart. A session
 * that is too long ends by itself.
 */
export class SessionStore {
  private readonly now: () => number;
  private readonly file: SessionFile;
  private open: Open | undefined;
  private ending: Promise<SessionReport> | undefined;
  private day: Tally;
  private sessionsEnded = 0;
  private source: SourceCounts = { captured: 0, dropped: 0 };
  private saving: NodeJS.Timeout | undefined;
  private limit: NodeJS.Timeout | undefined;
  private saveFailed = false;

  private constructor(private readonly options: SessionStoreOptions) {
    this.now = options.now ?? Date.now;
    this.file = new SessionFile(options.directory);
    this.day = new Tally(Tally.begin(this.now()), DAY_BIN_MS);
  }

  /**
   * Opens the store, with the session that an earlier start left open; ends that one where its time is over.
   * @throws FlinchError STATE_UNWRITABLE where the directory cannot be made, read or written
   */
  static async open(options: SessionStoreOptions): Promise<SessionStore> {
    const sessions = new SessionStore(options);
    await sessions.recover();
    return sessions;
  }

  /** The open session. */
  current(): Session | undefined {
    return this.open?.session;
  }

  /** The session that a movement at this time belongs to; what began before a session is not its. */
  sessionAt(wallMs: number): Session | undefined {
    const { open } = this;
    return open !== undefined && wallMs >= open.tally.data.fromMs ? open.session : undefined;
  }

  /** @throws FlinchError SESSION_OPEN where one is open, STATE_UNWRITABLE where it could not be remembered */
  async start({ subject, consent, room, purpose }: SessionWish): Promise<Session> {
    await this.ending?.catch(() => undefined);
    if (this.open !== undefined) {
      const { id, startedAt } = this.open.session;
      throw new FlinchError("SESSION_OPEN", `session ${id} is open since ${startedAt}; end it first by session/stop`);
    }
    const { defaults, log } = this.options;
    this.readSource();
    const startedMs = this.now();
    const session: Session = {
      id: randomUUID(),
      room: room ?? defaults().room,
      subject,
      consent,
      purpose: purpose ?? defaults().purpose,
      startedAt: new Date(startedMs).toISOString(),
    };
    this.open = { session, tally: new Tally(Tally.begin(startedMs), SESSION_BIN_MS, this.source) };
    try {
      await this.file.write(() => this.content());
    } catch (thrown) {
      this.open = undefined;
      throw thrown;
    }
    this.watchLength();
    this.options.onChange?.();
    // The log does not say who.
    log.info({ session: session.id, room: session.room }, "session started");
    return session;
  }

  /** @throws FlinchError SESSION_NONE where none is open */
  async stop(): Promise<SessionReport> {
    if (this.open === undefined) throw new FlinchError("SESSION_NONE", "no session is open; session/start begins one");
    return await this.end("request", this.now());
  }

  /** What the day came to so far; a new one begins. */
  async closeDay(): Promise<DayReport> {
    this.readSource();
    const toMs = this.now();
    const { data } = this.day;
    const report = {
      from: new Date(data.fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      sessions: this.sessionsEnded,
      ...countsOf(data, toMs, DAY_BIN_MS),
    };
    this.day = new Tally(Tally.begin(toMs), DAY_BIN_MS, this.source);
    this.sessionsEnded = 0;
    await this.save();
    return report;
  }

  frame(timeMs: number): void {
    for (const tally of this.tallies()) tally.frame(timeMs);
  }

  face(): void {
    for (const tally of this.tallies()) tally.face();
  }

  /** @param session the one that the event carries; another has not seen it */
  event(session: string | null, label?: string): void {
    this.day.event(this.now(), label);
    if (session !== null && session === this.open?.session.id) this.open.tally.event(this.now(), label);
  }

  suppressed(reason: string): void {
    for (const tally of this.tallies()) tally.suppressed(reason);
  }

  /** Takes over what the source has counted: its last word before it is gone, and zeros of a new one. */
  sourceCounts(counts: SourceCounts): void {
    for (const tally of this.tallies()) tally.sourceCounts(counts);
    this.source = counts;
  }

  /** Writes everything down; the session stays open for the next start. May be called twice. */
  async close(): Promise<void> {
    clearInterval(this.saving);
    clearTimeout(this.limit);
    await this.ending?.catch(() => undefined);
    await this.save();
  }

  private readSource(): void {
    const counts = this.options.source();
    if (counts !== undefined) this.sourceCounts(counts);
  }

  private tallies(): Tally[] {
    return this.open === undefined ? [this.day] : [this.day, this.open.tally];
  }

  private content(): SessionFileContent {
    const { open, day, sessionsEnded } = this;
    return {
      version: 1,
      session: open === undefined ? null : { session: open.session, tally: open.tally.data },
      day: { tally: day.data, sessions: sessionsEnded },
    };
  }

  private async recover(): Promise<void> {
    const { log } = this.options;
    const left = await this.file.read().catch(async (thrown: unknown) => {
      if (!(thrown instanceof SyntaxError)) throw thrown;
      log.error({ err: thrown }, "what was known of sessions cannot be read; set aside");
      await this.file.setAside();
      return undefined;
    });
    if (left !== undefined) {
      left.day.tally.interruptions++;
      this.day = new Tally(left.day.tally, DAY_BIN_MS);
      this.sessionsEnded = left.day.sessions;
    }
    if (left?.session) {
      const { session, tally } = left.session;
      tally.interruptions++;
      this.open = { session, tally: new Tally(tally, SESSION_BIN_MS) };
      log.info({ session: session.id }, "a session is still open");
    }
    // Proves that it can be written before anybody depends on it.
    await this.file.write(() => this.content());
    this.saving = setInterval(() => void this.save(), SAVE_EVERY_MS).unref();
    this.watchLength();
  }

  /** Ends the session when its longest time is over; one that was over while the daemon was away ended then. */
  private watchLength(): void {
    clearTimeout(this.limit);
    const { open } = this;
    if (open === undefined) return;
    const untilMs = open.tally.data.fromMs + this.options.maxHours() * HOUR_MS;
    const waitMs = Math.min(MAX_TIMER_MS, Math.max(0, untilMs - this.now()));
    this.limit = setTimeout(() => {
      if (this.open !== open) return;
      if (this.now() < untilMs) this.watchLength();
      else this.end("max_length", untilMs).catch((err: unknown) => this.endLater(err));
    }, waitMs).unref();
  }

  private endLater(err: unknown): void {
    this.options.log.error({ err }, "the session could not be ended; trying again");
    this.limit = setTimeout(() => this.watchLength(), SAVE_EVERY_MS).unref();
  }

  /** Ends the session; a second call gets the outcome of the first. */
  private end(reason: SessionEnd, endedMs: number): Promise<SessionReport> {
    this.ending ??= this.endOnce(reason, endedMs).finally(() => {
      this.ending = undefined;
      this.options.onChange?.();
    });
    return this.ending;
  }

  private async endOnce(reason: SessionEnd, endedMs: number): Promise<SessionReport> {
    const { open } = this;
    if (open === undefined) throw new FlinchError("SESSION_NONE", "no session is open; session/start begins one");
    await this.options.settle?.();
    this.readSource();
    const report = reportOf(open.session, open.tally.data, endedMs, reason);
    // From here on nothing is its any more.
    this.open = undefined;
    try {
      await this.options.onEnd(report);
    } catch (thrown) {
      this.open = open;
      throw thrown;
    }
    this.sessionsEnded++;
    clearTimeout(this.limit);
    await this.save();
    this.options.log.info({ session: report.session, reason, events: report.events }, "session ended");
    return report;
  }

  /** A disk that refuses costs counts at the next crash, and nothing before. */
  private async save(): Promise<void> {
    this.readSource();
    try {
      await this.file.write(() => this.content());
      this.saveFailed = false;
    } catch (thrown) {
      if (!this.saveFailed) this.options.log.error({ reason: whyDisk(thrown) }, "sessions cannot be written down");
      this.saveFailed = true;
    }
  }
}
