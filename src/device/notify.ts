import { execFile } from "node:child_process";

/** Gives systemd's manager one message; rejects when it cannot. */
export type SendNotification = (assignments: readonly string[]) => Promise<void>;

export interface NotifierOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** True while the daemon does its work: asked before each word to the watchdog. */
  readonly progress: () => boolean;
  /** False leaves the watchdog unanswered, as the configuration's `ops.watchdog` may wish. */
  readonly watchdog: boolean;
  /** Told what went wrong; nothing here is ever thrown. */
  readonly warn: (message: string) => void;
  readonly send?: SendNotification;
  readonly pid?: number;
}

/** Times that the watchdog is fed in each of its intervals: one missed while a frame is under way does no harm. */
const FEEDINGS = 4;

/** Node has no datagrams on Unix sockets: systemd's own tool sends them. */
const SEND_TIMEOUT_MS = 5000;

const sendBySystemdNotify: SendNotification = (assignments) =>
  new Promise((resolve, reject) => {
    execFile("systemd-notify", [...assignments], { timeout: SEND_TIMEOUT_MS }, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });

/** Milliseconds within which systemd wants a sign of life; undefined where it wants none of this process. */
export function watchdogIntervalMs(env: NotifierOptions["env"], pid: number): number | undefined {
  const microseconds = Number(env["WATCHDOG_USEC"]);
  const forPid = env["WATCHDOG_PID"];
  if (!(microseconds > 0) || (forPid !== undefined && Number(forPid) !== pid)) return undefined;
  return microseconds / 1000;
}

/** Speaks to systemd where systemd listens (`$NOTIFY_SOCKET`), and says nothing anywhere else. Never fatal. */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #send: SendNotification;
  readonly #enabled: boolean;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> = Promise.resolve();
  #warned = false;
  #missed = 0;

  constructor(options: NotifierOptions) {
    this.#options = options;
    this.#send = options.send ?? sendBySystemdNotify;
    this.#enabled = Boolean(options.env["NOTIFY_SOCKET"]);
  }

  /** The start is over; from now on the watchdog is answered, as long as there is progress. */
  ready(status: string): Promise<void> {
    const intervalMs = watchdogIntervalMs(this.#options.env, this.#options.pid ?? process.pid);
    if (this.#enabled && this.#options.watchdog && intervalMs !== undefined && !this.#timer) {
      this.#timer = setInterval(() => this.#feed(), intervalMs / FEEDINGS);
      this.#timer.unref();
    }
    return this.#tell("READY=1", `STATUS=${oneLine(status)}`);
  }

  /** One line that `systemctl status` shows. */
  status(text: string): Promise<void> {
    return this.#tell(`STATUS=${oneLine(text)}`);
  }

  /** The end has begun: the watchdog is fed no more. May be called twice. */
  stopping(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    return this.#tell("STOPPING=1");
  }

  #feed(): void {
    if (this.#options.progress()) {
      this.#missed = 0;
      void this.#tell("WATCHDOG=1");
      return;
    }
    this.#missed++;
    if (this.#missed === FEEDINGS / 2)
      this.#options.warn("no progress: the watchdog is not fed, systemd will restart the service");
  }

  /** One message after the other, in order. */
  #tell(...assignments: string[]): Promise<void> {
    if (!this.#enabled) return Promise.resolve();
    this.#sending = this.#sending
      .then(() => this.#send(assignments))
      .catch((error: unknown) => {
        if (!this.#warned)
          this.#options.warn(`systemd-notify failed: ${error instanceof Error ? error.message : error}`);
        this.#warned = true;
      });
    return this.#sending;
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
