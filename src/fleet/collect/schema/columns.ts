/** What a column holds; both databases know these names. */
export type ColumnType = "text" | "bigint" | "double precision" | "timestamptz" | "json" | "bytea";

/** A table as rows are written to it: its columns, those of its key first. Created by the migrations beside this. */
export interface Table {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** Time of what belonged to no session, where rows may belong to one: a deletion takes such rows. */
  readonly deletedBy?: string;
}

/** Of whatever goes through a device's outbox. */
const outbound = {
  device: "text",
  id: "text",
  boot_id: "text",
  sequence: "bigint",
  received_at: "timestamptz",
} as const;

const counts = {
  events: "bigint",
  watched: "double precision",
  coverage: "double precision",
  interruptions: "bigint",
  body: "json",
} as const;

const marks = { onset_ms: "double precision", apex_ms: "double precision", offset_ms: "double precision" } as const;

const tables = {
  deletions: {
    ...outbound,
    sent_at: "timestamptz",
    session: "text",
    before_at: "timestamptz",
    reason: "text",
    movements: "bigint",
    events: "bigint",
    labels: "bigint",
    clips: "bigint",
  },
  events: {
    ...outbound,
    room: "text",
    session: "text",
    face: "bigint",
    onset_at: "timestamptz",
    apex_at: "timestamptz",
    offset_at: "timestamptz",
    ...marks,
    report: "text",
    label: "text",
    confidence: "double precision",
    none_probability: "double precision",
    valence_negative: "double precision",
    valence_positive: "double precision",
    valence_surprise: "double precision",
    score: "double precision",
    reason: "text",
    model_version: "text",
    provider: "text",
    latency_apex_ms: "double precision",
    latency_offset_ms: "double precision",
    body: "json",
  },
  session_summaries: {
    ...outbound,
    session: "text",
    room: "text",
    subject: "text",
    consent: "text",
    purpose: "text",
    started_at: "timestamptz",
    ended_at: "timestamptz",
    duration_s: "double precision",
    reason: "text",
    ...counts,
  },
  daily_summaries: {
    ...outbound,
    from_at: "timestamptz",
    to_at: "timestamptz",
    sessions: "bigint",
    ...counts,
  },
  reviews: {
    ...outbound,
    sent_at: "timestamptz",
    movement: "text",
    event: "text",
    session: "text",
    reviewer: "text",
    decision: "text",
    ...marks,
    note: "text",
    version: "bigint",
    body: "json",
  },
  evidence: {
    ...outbound,
    sent_at: "timestamptz",
    event: "text",
    session: "text",
    status: "text",
    reason: "text",
    sha256: "text",
    bytes: "bigint",
    content: "text",
    frames: "bigint",
    from_ms: "double precision",
    to_ms: "double precision",
    body: "json",
  },
  states: {
    device: "text",
    slot_at: "timestamptz",
    sent_at: "timestamptz",
    boot_id: "text",
    received_at: "timestamptz",
    uptime_s: "double precision",
    source_status: "text",
    measured_fps: "double precision",
    session: "text",
    session_started_at: "timestamptz",
    faces: "bigint",
    events_raised: "bigint",
    events_published: "bigint",
    events_pending: "bigint",
    events_evicted: "bigint",
    provider: "text",
    rss_mb: "double precision",
    body: "json",
  },
  device_info: {
    device: "text",
    boot_id: "text",
    sent_at: "timestamptz",
    received_at: "timestamptz",
    flinch_version: "text",
    model_version: "text",
    provider: "text",
    purpose: "text",
    report: "text",
    body: "json",
  },
  availability: {
    device: "text",
    boot_id: "text",
    status: "text",
    since: "timestamptz",
    received_at: "timestamptz",
  },
  received: {
    device: "text",
    boot_id: "text",
    sequence: "bigint",
    received_at: "timestamptz",
  },
  refused: {
    sha256: "text",
    topic: "text",
    device: "text",
    session: "text",
    received_at: "timestamptz",
    reason: "text",
    payload: "bytea",
  },
} as const satisfies Readonly<Record<string, Table["columns"]>>;

export type TableName = keyof typeof tables;

/** The column that says when a row without a session happened, of the tables whose rows may belong to one. */
const deletedBy: Readonly<Partial<Record<TableName, string>>> = {
  events: "apex_at",
  session_summaries: "ended_at",
  reviews: "sent_at",
  evidence: "sent_at",
  refused: "received_at",
};

/** Every table, in the order in which a batch is written: deletions first, because they keep later rows out. */
export const TABLES: readonly (Table & { readonly name: TableName })[] = (Object.keys(tables) as TableName[]).map(
  (name) => {
    const time = deletedBy[name];
    return { name, columns: tables[name], ...(time !== undefined && { deletedBy: time }) };
  },
);

type Value<T extends ColumnType> = T extends "bigint" | "double precision" ? number : T extends "json" ? never : string;

/** A row of a table, `body` left out: it goes in as it came. Timestamps as text in ISO 8601, bytes in Base64. */
export type Row<N extends TableName> = {
  readonly [C in Exclude<keyof (typeof tables)[N], "body">]: (typeof tables)[N][C] extends ColumnType
    ? Value<(typeof tables)[N][C]> | null
    : never;
};
