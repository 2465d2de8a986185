import t from "tap";
import { Reader } from "../../../src/fleet/collect/messages/index.js";
import { TABLES } from "../../../src/fleet/collect/schema/index.js";
import { KINDS } from "./support/databases.js";
import { deletion, EVENT, event, example, message, readerOptions, rowsOf } from "./support/messages.js";
import { count, openStore } from "./support/store.js";

const S1 = "1d8a4f7a-6f0e-4b52-8a44-6b0f6c1de001";
const S2 = "1d8a4f7a-6f0e-4b52-8a44-6b0f6c1de002";

for (const kind of KINDS) {
  t.test(`${kind}: every payload of the contract becomes a row, once however often it comes`, async (t) => {
    const store = await openStore(t, kind);
    if (store === undefined) return;
    const all = [
      message("availability", example("availability"), "interview-1"),
      message("info", example("info"), "interview-1"),
      message("state", example("state"), "interview-1"),
      message(EVENT, example("micro_expression"), "interview-1"),
      message("event/session_summary", example("session_summary", { sequence: 2, session: S2 }), "interview-1"),
      message("event/daily_summary", example("daily_summary", { sequence: 3 }), "interview-1"),
      message("event/review", example("review", { sequence: 4, session: S2 }), "interview-1"),
      message("event/deletion", example("deletion", { sequence: 5, session: S1 }), "interview-1"),
      message("event/evidence", example("evidence", { sequence: 6, session: S2 }), "interview-1"),
      message("event/review", Buffer.from("{"), "interview-1"),
    ];
    // In one batch, in the next, and by another collector.
    await store.write([...rowsOf(...all), ...rowsOf(...all)]);
    await store.write(rowsOf(...all));
    for (const { name } of TABLES) t.equal(await count(store, name), name === "received" ? 6 : 1, name);
    const [row] = await store.query(
      "select device, sequence, label, none_probability, cast(apex_at as text) as apex, cast(body as text) as body from events",
    );
    const said = example("micro_expression") as { id: string; none: number; sequence: number };
    t.match(row, { device: "interview-1", label: null, none_probability: said.none });
    t.equal(Number(row?.["sequence"]), said.sequence);
    t.match(row?.["apex"], /^2026-03-02 \d\d:\d\d:\d\d/);
    t.same(JSON.parse(String(row?.["body"])), said, "the payload is kept as it came");
  });

  t.test(`${kind}: states are thinned, an end of a connection is told once`, async (t) => {
    const store = await openStore(t, kind);
    if (store === undefined) return;
    const at = (second: string) => example("state", { at: `2026-03-02T09:15:${second}.000Z` });
    const later = example("state", { at: "2026-03-02T09:16:00.000Z" });
    await store.write(rowsOf(message("state", at("00")), message("state", at("30")), message("state", later)));
    await store.write(rowsOf(message("state", at("45"))));
    t.equal(await count(store, "states"), 2);
    const [online, offline] = [example("availability"), example("availability", { status: "offline", at: null })];
    for (const said of [online, offline, offline]) await store.write(rowsOf(message("availability", said)));
    await store.write(rowsOf(message("availability", { ...online, at: "2026-03-02T10:00:00.000Z" })));
    await store.write(rowsOf(message("availability", offline)));
    const rows = await store.query("select status from availability order by received_at");
    t.same(
      rows.map(({ status }) => status),
      ["online", "offline", "online", "offline"],
    );
  });

  t.test(`${kind}: what fits no schema is refused, counted as received, and kept`, async (t) => {
    const store = await openStore(t, kind);
    if (store === undefined) return;
    const { score: _, ...rest } = { score: 1 };
    const wrong = [
      message(EVENT, event(7, { face: "none" })),
      message(EVENT, Buffer.from([0xff, 0xfe])),
      message("event/elsewhere", event(8)),
      message(EVENT, event(9, { device: "another" })),
      { ...message(EVENT, event(10)), topic: "nobody/asked" },
    ];
    await store.write(rowsOf(...wrong, ...wrong));
    await store.write(rowsOf(message(EVENT, event(11, { added: "by a newer version", ...rest }))));
    const rows = await store.query("select topic, reason from refused order by received_at");
    t.same(
      rows.map(({ reason }) => String(reason).replace(/: .*/, "")),
      [
        "micro_expression/face must be integer",
        "no JSON",
        "no topic that a collector takes",
        "the topic is device's, the payload another's",
        "no topic that a collector takes",
      ],
    );
    t.equal(await count(store, "events"), 1, "fields that are not known are no reason");
    t.equal(await count(store, "received"), 3);
    const [bytes] = await store.query(
      kind === "duckdb"
        ? "select to_base64(payload) as b from refused where reason like 'no JSON%'"
        : "select encode(payload, 'base64') as b from refused where reason like 'no JSON%'",
    );
    t.equal(bytes?.["b"], "//4=");
  });

  t.test(`${kind}: a deletion takes a session's rows, and keeps out those that come later`, async (t) => {
    const store = await openStore(t, kind);
    if (store === undefined) return;
    const of = (session: string | null, sequence: number) => message(EVENT, event(sequence, { session }));
    const review = (session: string, id: string) =>
      message("event/review", example("review", { device: "device", id, session, sequence: 20 }));
    const first = of(S1, 1);
    const clip = message("event/evidence", example("evidence", { device: "device", session: S1, sequence: 30 }));
    const summary = message("event/session_summary", example("session_summary", { device: "device", session: S1 }));
    const broken = message(EVENT, event(5, { session: S1, face: "?" }));
    await store.write(rowsOf(first, of(S1, 2), of(S2, 3), clip, summary, broken));
    await store.write(rowsOf(review(S1, "4b8a2f61-0c1d-4e7b-9a53-2d7e6c9f8a11")));
    await store.write(rowsOf(message(EVENT, event(1, { session: S1, device: "other" }), "other")));
    const received = await count(store, "received");
    await store.write(rowsOf(message("event/deletion", deletion(S1, 6))));
    t.equal(await count(store, "received"), received + 1, "what was deleted was received: it leaves no gap");
    for (const table of ["session_summaries", "reviews", "evidence", "refused", "sessions"])
      t.equal(await count(store, table), 0, table);
    t.same(
      (await store.query("select device, session from events order by device")).map((row) => Object.values(row)),
      [
        ["device", S2],
        ["other", S1],
      ],
    );
    await store.write(rowsOf(first, of(S1, 4), review(S1, "4b8a2f61-0c1d-4e7b-9a53-2d7e6c9f8a12"), broken));
    t.equal(await count(store, "events"), 2);
    t.equal((await count(store, "reviews")) + (await count(store, "refused")), 0);
    // In one batch, whichever comes first.
    await store.write(rowsOf(of(S2, 7), message("event/deletion", deletion(S2, 8)), of(S2, 9)));
    t.same(await store.query("select device from events"), [{ device: "other" }]);
    const kept = await store.query("select * from deletions");
    t.equal(kept.length, 2);
    t.notMatch(
      JSON.stringify(kept, (_, value) => (typeof value === "bigint" ? Number(value) : value)),
      /keller/,
    );
  });

  t.test(`${kind}: a deletion of what belongs to no session takes what is old enough`, async (t) => {
    const store = await openStore(t, kind);
    if (store === undefined) return;
    const [old, young] = ["2024-01-01T00:00:00.000Z", "2024-01-20T00:00:00.000Z"];
    const at = (sequence: number, apexAt: string, session: string | null = null) =>
      message(EVENT, event(sequence, { apexAt, session }));
    await store.write(rowsOf(at(1, old), at(2, young), at(3, old, S1)));
    const gone = deletion(null, 4, { reason: "retention", by: null, at: "2024-02-10T00:00:00.000Z" });
    await store.write(rowsOf(message("event/deletion", gone)));
    await store.write(rowsOf(at(5, old)));
    const left = await store.query("select sequence from events order by sequence");
    t.same(
      left.map(({ sequence }) => Number(sequence)),
      [2, 3],
    );
    const forever = new Reader({ ...readerOptions, retentionDays: 0 });
    await store.write(forever.read(message("event/deletion", deletion(null, 6, { at: "2030-02-10T00:00:00.000Z" }))));
    t.equal(await count(store, "events"), 2, "where things are kept for ever, nothing is old");
  });
}
