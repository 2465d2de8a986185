import { counter, gauge, type Measure } from "../measure.js";

/** How events get from the outbox to the broker. */
export const delivering: readonly Measure[] = [
  counter(
    "events_published_total",
    "Messages on event/# that the broker has acknowledged",
    ({ events }) => events.published,
  ),
  gauge("outbox_pending_events", "Events that wait in the outbox", ({ events }) => events.pending),
  gauge(
    "outbox_unwritten_events",
    "Of those, the ones that wait in memory because the disk refused them",
    ({ events }) => events.unwritten,
  ),
  gauge(
    "outbox_oldest_age_seconds",
    "How long the oldest event has waited, 0 if none waits; missing if its clock was not set",
    ({ events }) => (events.pending === 0 ? 0 : events.oldestS),
  ),
  gauge("outbox_writable", "0 if the disk last refused an event, else 1", ({ events }) => events.lastError === null),
  counter(
    "outbox_dropped_events_total",
    "Events dropped because the outbox was full or they were too old",
    ({ events }) => events.evicted,
  ),
  counter(
    "outbox_corrupt_total",
    "Outbox databases and entries that were corrupt and moved aside",
    ({ events }) => events.corrupt,
  ),
  counter(
    "outbox_remade_total",
    "Times that the outbox database was deleted or replaced while it was open, and recreated",
    ({ events }) => events.remade,
  ),
  gauge("broker_connected", "1 while the broker is connected", ({ broker }) => broker.connected),
  counter(
    "broker_reconnects_total",
    "Times that the connection to the broker was restored",
    ({ broker }) => broker.reconnects,
  ),
  counter(
    "broker_takeovers_total",
    "Times that another client with this one's identifier took the connection",
    ({ broker }) => broker.takeovers.count,
  ),
  gauge(
    "broker_accept_last_seconds",
    "From sending the last event to the broker's acknowledgement",
    ({ broker }) => broker.acceptMs.last / 1000,
  ),
  gauge(
    "broker_accept_p95_seconds",
    "95th percentile of the same over the last events",
    ({ broker }) => broker.acceptMs.p95 / 1000,
  ),
];
