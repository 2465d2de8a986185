import type { Info, Session, SessionReport, SessionWish, State } from "../contract/index.js";
import type { Clips } from "../evidence/index.js";
import type { History } from "../history/index.js";
import type { Logger } from "../lib/logger.js";
import type { Metrics } from "../metrics/index.js";
import type { CoverageMs } from "../pipeline/index.js";
import type { Role } from "./access/roles.js";

/** The configuration's section `console`. */
export interface ConsoleSettings {
  /** HOST:PORT. */
  readonly listen: string;
  readonly usersFile: string;
  readonly tls: { readonly certFile: string; readonly keyFile: string };
  readonly face: "none" | "outline";
  readonly maxClients: number;
}

/** What the console may do with a daemon at work; where it shows results alone there is none. */
export interface DaemonAtWork {
  state(): State;
  info(): Info;
  /** Names of the face's regions, in the order of the motion's. */
  regions(): readonly string[];
  /** From what score on a movement is a candidate. */
  threshold(): number;
  /** How much of the time could be judged since the pipeline began. */
  coverage(): CoverageMs;
  /** @throws FlinchError SESSION_OPEN where one is open */
  startSession(wish: SessionWish): Promise<Session>;
  /** @throws FlinchError SESSION_NONE where none is open */
  stopSession(): Promise<SessionReport>;
  /** Wall clock of a moment of the stream, milliseconds since the Unix epoch. */
  wallMs(timeMs: number): number;
}

/** What the console shows and changes. */
export interface ConsoleParts {
  readonly log: Logger;
  /** Labels and deletions go into it; whoever publishes them listens to it. */
  readonly history: History;
  readonly daemon?: DaemonAtWork;
  /** Videos of events, where there are any, and the role that it takes to see one. */
  readonly clips?: { readonly kept: Pick<Clips, "has" | "mp4" | "remove" | "sweep">; readonly role: Role };
  /** Served as well, to those who may see the live view. */
  readonly metrics?: Metrics;
}
