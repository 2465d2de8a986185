import type { ReportedDocument } from "../../mqtt/index.js";
import type { Scope } from "./store.js";
import type { VersionRange } from "./waiting.js";

export type Verdict = Omit<ReportedDocument, "inForce" | "superseded">;

/** What became of the document that came last, for every scope. */
export class Verdicts {
  private readonly verdicts = new Map<string, Verdict>();
  private readonly passedOver = new Map<string, readonly VersionRange[]>();

  say(scope: string, verdict: Partial<Verdict> & Pick<Verdict, "version" | "status">): void {
    this.verdicts.set(scope, { reason: null, refused: [], ...verdict });
  }

  of(scope: Scope): Verdict | undefined {
    return this.verdicts.get(scope);
  }

  /** Says which versions came with the last document and were passed over for it. */
  supersede(scope: Scope, versions: readonly VersionRange[]): void {
    this.passedOver.set(scope, versions);
  }

  superseded(scope: Scope): readonly VersionRange[] {
    return this.passedOver.get(scope) ?? [];
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
