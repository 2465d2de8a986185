import type { Availability, Info, State } from "../../../contract/index.js";
import type { Row } from "../schema/index.js";

/** The beginning of the slot of `everyS` seconds that a time falls into, as ISO 8601; a wrong time as it is. */
export function slotOf(at: string, everyS: number): string {
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? at : new Date(ms - (ms % (everyS * 1000))).toISOString();
}

export function stateRow(device: string, state: State, receivedAt: string, everyS: number): Row<"states"> {
  const { at, bootId, uptimeS, source, session, faces, events, provider, rssMb } = state;
  return {
    device,
    slot_at: slotOf(at, everyS),
    sent_at: at,
    boot_id: bootId,
    received_at: receivedAt,
    uptime_s: uptimeS,
    source_status: source.status,
    measured_fps: source.measuredFps,
    session: session?.id ?? null,
    session_started_at: session?.startedAt ?? null,
    faces: faces.followed,
    events_raised: events.raised,
    events_published: events.published,
    events_pending: events.pending,
    events_evicted: events.evicted,
    provider,
    rss_mb: rssMb,
  };
}

export function infoRow(device: string, info: Info, receivedAt: string): Row<"device_info"> {
  const { bootId, at, versions, model, provider, purpose, report } = info;
  return {
    device,
    boot_id: bootId,
    sent_at: at,
    received_at: receivedAt,
    flinch_version: versions.flinch,
    model_version: model.version,
    ...{ provider, purpose, report },
  };
}

/** `since` is null for what the broker says, which knows no time: the database gives it that of the connection lost. */
export function availabilityRow(device: string, said: Availability, receivedAt: string): Row<"availability"> {
  return { device, boot_id: said.bootId, status: said.status, since: said.at, received_at: receivedAt };
}
