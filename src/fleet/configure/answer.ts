import type { Scope } from "../../config/remote/index.js";
import type { ReportedDocument } from "../../contract/index.js";
import type { Device } from "../devices.js";

/** What a device says of a document: nothing final yet, that it is in force, or, with the reason, that it is not. */
export type Answer = "none" | "accepted" | { readonly refused: string };

/** What became of a scope's document that arrived last at a device. */
export function documentOf({ reported }: Pick<Device, "reported">, scope: Scope): ReportedDocument | null {
  if (scope === "device") return reported?.desired ?? null;
  return reported?.groups[scope.slice("group/".length)] ?? null;
}

/** What a device says of this version of a document. */
export function answerOf(device: Device | undefined, scope: Scope, version: number): Answer {
  const document = device && documentOf(device, scope);
  if (!document || (document.version ?? 0) < version) return "none";
  if (document.version !== version) {
    return { refused: `version ${document.version}, which somebody else wrote, has taken its place` };
  }
  const { status, reason, refused } = document;
  if (status === "pending") return "none";
  if (status === "applied") return "accepted";
  const keys = refused.length > 1 ? ` [${refused.map(({ key, reason }) => `${key}: ${reason}`).join("; ")}]` : "";
  return { refused: `${status.replace("_", " ")}: ${reason ?? "no reason given"}${keys}` };
}

/** A version that no device of these takes for stale. */
export function nextVersion(
  kept: number | undefined,
  documents: readonly (ReportedDocument | null)[],
  least: number,
): number {
  const known = documents.flatMap((document) =>
    document === null ? [] : [document.version ?? 0, document.inForce ?? 0, ...document.superseded.map(({ to }) => to)],
  );
  return Math.max(least, 1 + Math.max(kept ?? 0, ...known));
}
