import type {
  DailySummary,
  Deletion,
  EvidenceMessage,
  MicroExpressionEvent,
  OutboundEvent,
  Review,
  SessionSummary,
} from "../../../contract/index.js";
import type { Row } from "../schema/index.js";

type Key = "device" | "id" | "boot_id" | "sequence" | "received_at";

/** What every row of an event says first: its key, and how it came. */
function outbound({ device, id, bootId, sequence }: OutboundEvent, received_at: string): Pick<Row<"events">, Key> {
  return { device, id, boot_id: bootId, sequence, received_at };
}

/** Every field by itself: an object that begins as a spread costs ten times as much, and there is none more often. */
export function eventRow(event: MicroExpressionEvent, receivedAt: string): Row<"events"> {
  const valence = "valence" in event ? event.valence : undefined;
  return {
    device: event.device,
    id: event.id,
    boot_id: event.bootId,
    sequence: event.sequence,
    received_at: receivedAt,
    room: event.room,
    session: event.session,
    face: event.face,
    onset_at: event.onsetAt,
    apex_at: event.apexAt,
    offset_at: event.offsetAt,
    onset_ms: event.onsetMs,
    apex_ms: event.apexMs,
    offset_ms: event.offsetMs,
    report: event.report,
    label: "label" in event ? event.label : null,
    confidence: "confidence" in event ? event.confidence : null,
    none_probability: event.none,
    valence_negative: valence?.negative ?? null,
    valence_positive: valence?.positive ?? null,
    valence_surprise: valence?.surprise ?? null,
    score: event.spotting.score,
    reason: event.spotting.reason,
    model_version: event.model.version,
    provider: event.provider,
    latency_apex_ms: event.latencyMs.apex,
    latency_offset_ms: event.latencyMs.offset,
  };
}

const countsOf = ({ events, watched, coverage, interruptions }: SessionSummary | DailySummary) =>
  ({ events, watched, coverage, interruptions }) as const;

export function sessionRow(summary: SessionSummary, receivedAt: string): Row<"session_summaries"> {
  const { session, room, subject, consent, purpose, startedAt, endedAt, durationS, reason } = summary;
  return {
    ...outbound(summary, receivedAt),
    ...{ session, room, subject, consent, purpose, reason },
    started_at: startedAt,
    ended_at: endedAt,
    duration_s: durationS,
    ...countsOf(summary),
  };
}

export function dayRow(summary: DailySummary, receivedAt: string): Row<"daily_summaries"> {
  const { from, to, sessions } = summary;
  return { ...outbound(summary, receivedAt), from_at: from, to_at: to, sessions, ...countsOf(summary) };
}

export function reviewRow(review: Review, receivedAt: string): Row<"reviews"> {
  const { at, movement, event, session, reviewer, decision, onsetMs, apexMs, offsetMs, note, version } = review;
  return {
    ...outbound(review, receivedAt),
    sent_at: at,
    ...{ movement, event, session, reviewer, decision, note, version },
    onset_ms: onsetMs,
    apex_ms: apexMs,
    offset_ms: offsetMs,
  };
}

export function evidenceRow(message: EvidenceMessage, receivedAt: string): Row<"evidence"> {
  const { at, event, session, status, reason, sha256, bytes, content, frames, fromMs, toMs } = message;
  return {
    ...outbound(message, receivedAt),
    sent_at: at,
    ...{ event, session, status, reason, sha256, bytes, content, frames },
    from_ms: fromMs,
    to_ms: toMs,
  };
}

const DAY_MS = 86_400_000;

/**
 * What is kept of a deletion: nobody's name, not even of who asked for it.
 * @param retentionDays how long the devices keep what belongs to no session; 0 for ever
 */
export function deletionRow(deletion: Deletion, receivedAt: string, retentionDays: number): Row<"deletions"> {
  const { at, session, reason, movements, events, labels, clips } = deletion;
  const limited = session === null && retentionDays > 0 && !Number.isNaN(Date.parse(at));
  return {
    ...outbound(deletion, receivedAt),
    sent_at: at,
    session,
    before_at: limited ? new Date(Date.parse(at) - retentionDays * DAY_MS).toISOString() : null,
    ...{ reason, movements, events, labels, clips },
  };
}
