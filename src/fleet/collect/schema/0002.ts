/**
 * The views. A device counts across its starts (`boot_id`), and from 1 again when its directory was emptied: that is
 * a start whose first number is not above the last one of the start before. Between such restarts, a number that is
 * missing among those that came is a gap.
 */
export const views = `
create view gaps as
with boots as (
  select device, boot_id, min(sequence) as first_sequence, max(sequence) as last_sequence, min(received_at) as began_at
  from received group by device, boot_id
), restarts as (
  select device, boot_id, began_at, first_sequence, case
    when first_sequence <= lag(last_sequence) over (partition by device order by began_at, first_sequence) then 1
    else 0 end as restarted
  from boots
), counts as (
  select device, boot_id, sum(restarted) over (partition by device order by began_at, first_sequence) as count
  from restarts
), steps as (
  select r.device, r.boot_id, r.sequence, r.received_at,
    lag(r.sequence) over (partition by r.device, c.count order by r.sequence) as before
  from received r join counts c on c.device = r.device and c.boot_id = r.boot_id
)
select device, boot_id, before + 1 as first_missing, sequence - 1 as last_missing, sequence - before - 1 as missing,
  received_at as noticed_at
from steps where sequence - before > 1;

create view sessions as
with told as (
  select device, session, session_started_at as started_at, cast(null as timestamptz) as ended_at,
    cast(null as text) as summary
  from states where session is not null
  union all
  select device, session, started_at, ended_at, id from session_summaries
)
select device, session, min(started_at) as started_at, max(ended_at) as ended_at, max(summary) as summary
from told t
where not exists (select 1 from deletions d where d.device = t.device and d.session = t.session)
group by device, session;

create view current_reviews as
select * from (
  select r.*, row_number() over (partition by device, movement, reviewer order by version desc) as place from reviews r
) ranked where place = 1 and decision <> 'withdrawn';
`;

/** What PostgreSQL finds rows by beside their keys. DuckDB scans columns, and keeps an index in memory. */
export const postgresIndexes = `
create index received_by_time on received using brin (received_at);
create index events_by_session on events (device, session);
create index events_by_time on events (apex_at);
create index reviews_by_session on reviews (device, session);
create index evidence_by_session on evidence (device, session);
create index session_summaries_by_session on session_summaries (device, session);
create index deletions_by_session on deletions (device, session);
create index refused_by_session on refused (device, session);
`;
