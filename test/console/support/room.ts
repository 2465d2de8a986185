import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";
import { Console, type ConsoleParts, type ConsoleSettings, type DaemonAtWork } from "../../../src/console/index.js";
import type { Info, Session, SessionReport, State } from "../../../src/contract/index.js";
import type { History } from "../../../src/history/index.js";
import { FlinchError } from "../../../src/lib/errors.js";
import { openHistory, reportOf, sampleSession } from "../../support/history.js";
import { Logs } from "../../support/logs.js";
import { sampleState } from "../../support/state.js";

/** The face's regions, as the shipped motion graph names them. */
export const REGIONS = ["brow_inner_left", "brow_inner_right", "eye_left", "nose", "cheek_left", "mouth_left", "chin"];

const state = (): State => ({ ...sampleState, at: new Date().toISOString(), session: null });

const info: Info = {
  schema: "flinch/info/1",
  device: "room-7",
  bootId: "boot",
  at: "2026-03-02T12:00:00.000Z",
  versions: { flinch: "0.1.0", node: "20", opencv: "4.6.0", onnxruntime: "1.30.0" },
  model: { name: "hsta", version: "1", sha256: "ab".repeat(32) },
  provider: "cpu",
  engine: null,
  purpose: "Training of interviewers",
  report: "emotion",
  evidence: null,
  capabilities: ["micro_expression"],
  schemas: [],
};

/** A daemon that is told what to show. */
class MadeUpDaemon implements DaemonAtWork {
  open: Session | undefined;

  constructor(private readonly history: History) {}

  state(): State {
    const { open } = this;
    return { ...state(), session: open ? { id: open.id, startedAt: open.startedAt } : null };
  }

  info = (): Info => info;
  regions = (): readonly string[] => REGIONS;
  threshold = (): number => 0.5;
  coverage = () => ({ watched: 0, judged: 0, gaps: {} });
  wallMs = (timeMs: number): number => Date.UTC(2026, 2, 2, 12) + timeMs;

  async startSession(wish: Pick<Session, "subject" | "consent">): Promise<Session> {
    if (this.open) throw new FlinchError("SESSION_OPEN", "one is open");
    this.open = sampleSession(0, { ...wish, startedAt: new Date().toISOString() });
    this.history.beginSession(this.open);
    return this.open;
  }

  async stopSession(): Promise<SessionReport> {
    const { open } = this;
    if (!open) throw new FlinchError("SESSION_NONE", "none is open");
    this.open = undefined;
    const report = reportOf(open);
    this.history.endSession(report);
    return report;
  }
}

/** A console over a real history and a daemon that is made up. */
export interface Room {
  readonly console: Console;
  readonly url: string;
  readonly history: History;
  readonly daemon: MadeUpDaemon;
  readonly log: Logs;
  ask(path: string, init?: RequestInit): Promise<Response>;
}

export async function openRoom(
  t: Test,
  changes: Partial<ConsoleSettings> = {},
  alone = false,
  clips?: ConsoleParts["clips"],
): Promise<Room> {
  // Not the test's own directory: that would be made anew for each room.
  const directory = mkdtempSync(join(tmpdir(), "flinch-room-"));
  const history = openHistory(directory);
  t.teardown(() => {
    history.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const daemon = new MadeUpDaemon(history);
  const log = new Logs();
  const console = await Console.open(
    {
      listen: "127.0.0.1:0",
      usersFile: "",
      tls: { certFile: "", keyFile: "" },
      face: "none",
      maxClients: 128,
      ...changes,
    },
    {
      log,
      history,
      ...(!alone && { daemon }),
      ...(clips && { clips }),
    },
  );
  t.teardown(() => console.close());
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(new URL(path, console.url), { ...init, headers: { "X-Flinch": "1", ...init.headers } });
  return { console, url: console.url, history, daemon, log, ask };
}

/** A request with a body. */
export const sending = (method: string, body: unknown): RequestInit => ({
  method,
  body: JSON.stringify(body),
  headers: { "Content-Type": "application/json", "X-Flinch": "1" },
});
