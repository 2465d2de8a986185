import type { Session, SessionReport, SessionWish } from "../../contract/index.js";
import type { NamedResult } from "../../lib/check.js";

/** The recognition model in force. */
export interface ModelInForce {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  /** Execution provider that runs it. */
  readonly provider: string;
}

/** What requests can do with the daemon; they know nothing else of it. */
export interface RequestControls {
  /** What `state` says, as of now. */
  status(): object;
  /** Whether this machine and installation are as they should be, without disturbing the work. */
  diagnose(): Promise<readonly NamedResult[]>;
  /** Closes the source and opens it anew, models and spotters with it. */
  restartPipeline(): Promise<void>;
  /**
   * Makes ready to end the process; ends it when the returned function is called.
   * @throws FlinchError TOO_SOON after too short a life
   */
  restartProcess(): () => void;
  /** Opens the models anew and goes on with them. @throws FlinchError where they cannot be used; the old ones go on */
  reloadModels(): Promise<ModelInForce>;
  /** Forgets what was learned of each face in view; returns how many there are. */
  recalibrate(): number;
  /** @throws FlinchError SESSION_OPEN where one is open */
  startSession(wish: SessionWish): Promise<Session>;
  /** @throws FlinchError SESSION_NONE where none is open */
  stopSession(): Promise<SessionReport>;
}
