import { reasonOf } from "./errors.js";
import { redactAddress } from "./redact.js";

export interface CheckResult {
  readonly status: "ok" | "warn" | "fail";
  /** What was found, in one line. */
  readonly detail: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** One question about the machine, the installation or the configuration. */
export interface Check {
  readonly name: string;
  run(): Promise<CheckResult>;
}

export interface NamedResult extends CheckResult {
  readonly name: string;
}

/** Runs checks one after the other: two that use the camera or both cores would disturb each other. Never throws. */
export async function runChecks(checks: readonly Check[]): Promise<NamedResult[]> {
  const results: NamedResult[] = [];
  for (const check of checks) {
    const result = await check.run().catch((error: unknown): CheckResult => {
      return { status: "fail", detail: redactAddress(reasonOf(error)) };
    });
    results.push({ name: check.name, ...result });
  }
  return results;
}

/** True when nothing stands in the way of running; a warning does not. */
export function allWell(results: readonly CheckResult[]): boolean {
  return results.every((result) => result.status !== "fail");
}
