import type { ReportedDocument } from "../../contract/index.js";
import type { Scope } from "./store.js";
import type { VersionRange } from "./waiting.js";

export type ConfigResult = Omit<ReportedDocument, "inForce" | "superseded">;

/** What became of the document that came last, for every scope. */
export class ConfigResults {
  private readonly results = new Map<string, ConfigResult>();
  private readonly passedOver = new Map<string, readonly VersionRange[]>();

  say(scope: string, result: Partial<ConfigResult> & Pick<ConfigResult, "version" | "status">): void {
    this.results.set(scope, { reason: null, refused: [], ...result });
  }

  of(scope: Scope): ConfigResult | undefined {
    return this.results.get(scope);
  }

  /** Says which versions came with the last document and were passed over for it. */
  supersede(scope: Scope, versions: readonly VersionRange[]): void {
    this.passedOver.set(scope, versions);
  }

  superseded(scope: Scope): readonly VersionRange[] {
    return this.passedOver.get(scope) ?? [];
  }

  forget(scope: Scope): void {
    this.results.delete(scope);
  }

  /** What was being put in force is. */
  applied(): void {
    for (const [scope, { status, version }] of this.results) {
      if (status === "pending") this.say(scope, { version, status: "applied" });
    }
  }
}
