const OUTBOUND = `
  device text not null,
  id text not null,
  boot_id text not null,
  sequence bigint not null,
  received_at timestamptz not null`;

const COUNTS = `
  events bigint not null,
  watched double precision not null,
  coverage double precision not null,
  interruptions bigint not null,
  body json not null`;

/** The tables. */
export const tables = `
create table events (${OUTBOUND},
  room text not null,
  session text,
  face bigint not null,
  onset_at timestamptz not null,
  apex_at timestamptz not null,
  offset_at timestamptz not null,
  onset_ms double precision not null,
  apex_ms double precision not null,
  offset_ms double precision not null,
  report text not null,
  label text,
  confidence double precision,
  none_probability double precision not null,
  valence_negative double precision,
  valence_positive double precision,
  valence_surprise double precision,
  score double precision not null,
  reason text not null,
  model_version text not null,
  provider text not null,
  latency_apex_ms double precision not null,
  latency_offset_ms double precision not null,
  body json not null,
  primary key (device, id)
);

create table session_summaries (${OUTBOUND},
  session text not null,
  room text not null,
  subject text not null,
  consent text not null,
  purpose text not null,
  started_at timestamptz not null,
  ended_at timestamptz not null,
  duration_s double precision not null,
  reason text not null,${COUNTS},
  primary key (device, id)
);

create table daily_summaries (${OUTBOUND},
  from_at timestamptz not null,
  to_at timestamptz not null,
  sessions bigint not null,${COUNTS},
  primary key (device, id)
);

create table reviews (${OUTBOUND},
  sent_at timestamptz not null,
  movement text not null,
  event text,
  session text,
  reviewer text not null,
  decision text not null,
  onset_ms double precision,
  apex_ms double precision,
  offset_ms double precision,
  note text not null,
  version bigint not null,
  body json not null,
  primary key (device, id)
);

create table evidence (${OUTBOUND},
  sent_at timestamptz not null,
  event text not null,
  session text,
  status text not null,
  reason text,
  sha256 text,
  bytes bigint,
  content text,
  frames bigint,
  from_ms double precision,
  to_ms double precision,
  body json not null,
  primary key (device, id)
);

create table deletions (${OUTBOUND},
  sent_at timestamptz not null,
  session text,
  before_at timestamptz,
  reason text not null,
  movements bigint not null,
  events bigint not null,
  labels bigint not null,
  clips bigint not null,
  primary key (device, id)
);

create table states (
  device text not null,
  slot_at timestamptz not null,
  sent_at timestamptz not null,
  boot_id text not null,
  received_at timestamptz not null,
  uptime_s double precision not null,
  source_status text not null,
  measured_fps double precision not null,
  session text,
  session_started_at timestamptz,
  faces bigint not null,
  events_raised bigint not null,
  events_published bigint not null,
  events_pending bigint not null,
  events_evicted bigint not null,
  provider text not null,
  rss_mb double precision not null,
  body json not null,
  primary key (device, slot_at)
);

create table device_info (
  device text not null,
  boot_id text not null,
  sent_at timestamptz not null,
  received_at timestamptz not null,
  flinch_version text not null,
  model_version text not null,
  provider text not null,
  purpose text not null,
  report text not null,
  body json not null,
  primary key (device, boot_id, sent_at)
);

create table availability (
  device text not null,
  boot_id text not null,
  status text not null,
  since timestamptz not null,
  received_at timestamptz not null,
  primary key (device, boot_id, status, since)
);

create table received (
  device text not null,
  boot_id text not null,
  sequence bigint not null,
  received_at timestamptz not null,
  primary key (device, boot_id, sequence)
);

create table refused (
  sha256 text not null primary key,
  topic text not null,
  device text,
  session text,
  received_at timestamptz not null,
  reason text not null,
  payload bytea not null
);
`;
