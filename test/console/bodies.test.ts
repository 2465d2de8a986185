import fc from "fast-check";
import t from "tap";
import { raised, sampleSession } from "../support/history.js";
import { openRoom, sending } from "./support/room.js";

t.test("whatever is sent is refused with 4xx, and nothing of it is kept", async (t) => {
  const room = await openRoom(t);
  const movement = raised(1);
  room.history.add(movement);
  const session = sampleSession();
  room.history.beginSession(session);
  const routes = [
    ["POST", "/api/labels"],
    ["POST", "/api/sessions"],
    ["PUT", `/api/sessions/${session.id}/note`],
    ["POST", "/api/login"],
  ] as const;
  const body = fc.oneof(
    fc.json(),
    fc.string(),
    fc.record({ movement: fc.constant(movement.id), decision: fc.string(), onsetMs: fc.anything() }).map((value) => {
      return JSON.stringify(value);
    }),
    fc.record({ subject: fc.string({ minLength: 65 }), consent: fc.string() }).map((value) => JSON.stringify(value)),
    fc.record({ note: fc.string({ minLength: 2001, maxLength: 2500 }) }).map((value) => JSON.stringify(value)),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...routes), body, async ([method, path], body) => {
      const response = await room.ask(path, { method, body, headers: { "Content-Type": "application/json" } });
      const answer = await response.text();
      return response.status >= 400 && response.status < 500 && JSON.parse(answer).error.message.length > 0;
    }),
    { numRuns: 300 },
  );
  t.strictSame(room.history.currentLabels(), []);
  t.equal(room.history.session(session.id)?.note, "");
  t.equal(room.daemon.open, undefined);
});

t.test("whatever stands in an address is refused or finds nothing", async (t) => {
  const room = await openRoom(t);
  const paths = fc.constantFrom("/api/sessions/", "/api/movements/", "/api/sessions?before=", "/api/movements?limit=");
  await fc.assert(
    fc.asyncProperty(paths, fc.string({ minLength: 1 }), async (path, text) => {
      const response = await room.ask(path + encodeURIComponent(text));
      await response.text();
      return response.status === 200 ? /^\d+$/.test(text.trim()) : response.status >= 400 && response.status < 500;
    }),
    { numRuns: 300 },
  );
  t.equal((await room.ask("/api/movements?limit=501")).status, 400);
  t.equal((await room.ask("/api/movements?drop=table")).status, 400);
  t.equal((await room.ask("/api/../../etc/passwd")).status, 404);
});

t.test("a label is stored, told, and takes its marks in order alone", async (t) => {
  const room = await openRoom(t);
  const movement = raised(7);
  room.history.add(movement);
  const label = (body: object) => room.ask("/api/labels", sending("POST", { movement: movement.id, ...body }));
  const { onsetMs, apexMs, offsetMs } = movement.movement;
  const stored = await label({ decision: "real", reviewer: "ada", onsetMs, apexMs, offsetMs, note: "brows\nboth" });
  t.equal(stored.status, 201);
  t.match(await stored.json(), { reviewer: "ada", decision: "real", version: 1, note: "brows\nboth" });
  t.equal(room.history.unsent().length, 1);
  t.equal((await label({ decision: "real", onsetMs: 500, apexMs: 400, offsetMs: 600 })).status, 422);
  t.equal((await label({ decision: "real", note: "a\u0000b" })).status, 400);
  t.equal((await label({ decision: "real", movement: "0".repeat(36) })).status, 404);
  t.equal(room.history.currentLabels().length, 1);
});

t.test("a second reviewer does not see what the first one said", async (t) => {
  const room = await openRoom(t);
  const movement = raised(3);
  room.history.add(movement);
  await room.ask(
    "/api/labels",
    sending("POST", { movement: movement.id, decision: "real", reviewer: "ada", note: "sure" }),
  );
  const seenBy = async (reviewer: string) => {
    const own = await (await room.ask(`/api/movements/${movement.id}?reviewer=${reviewer}`)).text();
    const list = await (await room.ask(`/api/movements?reviewer=${reviewer}`)).text();
    return own + list;
  };
  t.match(await seenBy("ada"), "sure");
  const other = await seenBy("grace");
  t.notMatch(other, "sure");
  t.notMatch(other, "ada");
  t.match(other, '"decision":null');
});

t.test("a session is begun, noted, ended and deleted", async (t) => {
  const room = await openRoom(t);
  const begun = await room.ask("/api/sessions", sending("POST", { subject: "p-1", consent: "form-1" }));
  t.equal(begun.status, 201);
  const { id } = (await begun.json()) as { id: string };
  t.equal((await room.ask("/api/sessions", sending("POST", { subject: "p-2", consent: "form-2" }))).status, 409);
  t.equal((await room.ask(`/api/sessions/${id}/note`, sending("PUT", { note: "restless" }))).status, 204);
  t.equal((await room.ask(`/api/sessions/${id}`, { method: "DELETE" })).status, 409, "an open one is not deleted");
  t.equal((await room.ask("/api/sessions/stop", { method: "POST" })).status, 200);
  const deleted = await room.ask(`/api/sessions/${id}`, { method: "DELETE" });
  t.equal(deleted.status, 200);
  const left = await (await room.ask(`/api/sessions/${id}`)).text();
  for (const told of ["p-1", "form-1", "restless"]) t.notMatch(left, told);
  t.match(JSON.parse(left), { deletion: { by: "local", reason: "request" } });
});

t.test("without a daemon everything but the live view is there", async (t) => {
  const room = await openRoom(t, {}, true);
  room.history.add(raised(1));
  t.match(await (await room.ask("/api/state")).json(), { state: null, info: null });
  t.equal((await room.ask("/api/live")).status, 404);
  t.equal((await room.ask("/api/sessions", sending("POST", { subject: "p", consent: "c" }))).status, 404);
  t.match(await (await room.ask("/api/movements")).json(), { movements: [{ raised: true }] });
});
