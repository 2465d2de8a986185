import type { ReportedDocument } from "../mqtt/index.js";
import type { Scope } from "./store.js";

export type Verdict = Omit<ReportedDocument, "inForce">;

/** What became of the document that came last, for every scope. */
export class Verdicts {
  private readonly verdicts = new Map<string, Verdict>();

  say(scope: string, verdict: Partial<Verdict> & Pick<Verdict, "version" | "status">): void {
    this.verdicts.set(scope, { reason: null, refused: [], ...verdict });
  }

  of(scope: Scope): Verdict | undefined {
    return this.verdicts.get(scope);
  }

  forget(scope: Scope): void {
    this.verdicts.delete(scope);
  }

  /** What was being put in force is. */
  applied(): void {
    for (const [scope, { status, version }] of this.verdicts) {
      if (status === "pending") this.say(scope, { version, status: "applied" });
    }
  }
}
