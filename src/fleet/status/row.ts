import type { ReportedDocument } from "../../contract/index.js";
import type { Device } from "../devices.js";

/** What became of a document, in short. */
export interface RowDocument {
  /** Whose: "device", or "group/NAME". */
  readonly of: string;
  readonly version: number | null;
  readonly inForce: number | null;
  readonly status: ReportedDocument["status"];
  /** Why it is not applied. */
  readonly reason: string | null;
}

/** How one device is: what `flinch fleet status` prints of it. Null where it does not say. */
export interface StatusRow {
  readonly device: string;
  readonly status: "online" | "stopped" | "offline" | null;
  readonly flinch: string | null;
  readonly model: string | null;
  readonly config: readonly RowDocument[];
  readonly source: string | null;
  readonly pauses: readonly string[];
  readonly fps: number | null;
  readonly outbox: { readonly pending: number; readonly oldestS: number | null } | null;
  /** Raised since the daemon's start. */
  readonly events: number | null;
  /** When an event came while this command was listening, ISO 8601, UTC. */
  readonly lastEventAt: string | null;
  readonly hottestC: number | null;
  readonly throttled: boolean | null;
  /** How old the state is by this machine's clock, seconds. */
  readonly stateAgeS: number | null;
  /** How far the device's clock is ahead of this machine's, seconds; null where no fresh state has told. */
  readonly clockS: number | null;
}

const iso = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());
const tenths = (value: number): number => Math.round(10 * value) / 10;

/** @param nowMs milliseconds since the Unix epoch */
export function rowOf({ id, availability, info, state, reported, ...device }: Device, nowMs: number): StatusRow {
  const atMs = state === undefined ? Number.NaN : Date.parse(state.at);
  return {
    device: id,
    status: availability?.status ?? null,
    flinch: info?.versions.flinch ?? null,
    model: info === undefined ? null : `${info.model.name} ${info.model.version}`,
    config: [
      ...documentIn("device", reported?.desired),
      ...Object.entries(reported?.groups ?? {}).flatMap(([name, document]) => documentIn(`group/${name}`, document)),
    ],
    source: state?.source.status ?? null,
    pauses: state?.pauses ?? [],
    fps: state?.source.measuredFps ?? null,
    outbox: state === undefined ? null : { pending: state.events.pending, oldestS: state.events.oldestS },
    events: state?.events.raised ?? null,
    lastEventAt: iso(device.eventCameMs),
    hottestC: state?.board?.hottestC ?? null,
    throttled: state?.board?.throttled ?? null,
    stateAgeS: Number.isNaN(atMs) ? null : tenths((nowMs - atMs) / 1000),
    clockS: clockOf(device, atMs, nowMs),
  };
}

function documentIn(of: string, document: ReportedDocument | null | undefined): RowDocument[] {
  if (document === null || document === undefined) return [];
  const { version, inForce, status, reason } = document;
  return [{ of, version, inForce, status, reason }];
}

/** A state that the broker had kept may be old; only one from the future says something of the clock. */
function clockOf({ states, stateCameMs }: Pick<Device, "states" | "stateCameMs">, atMs: number, nowMs: number) {
  if (Number.isNaN(atMs)) return null;
  if (states > 1) return tenths((atMs - stateCameMs) / 1000);
  return atMs > nowMs + 1000 ? tenths((atMs - nowMs) / 1000) : null;
}
