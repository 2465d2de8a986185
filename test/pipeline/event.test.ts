import t from "tap";
import { eventId } from "../../src/pipeline/event-id.js";
import { sampleEvent } from "../support/event.js";
import { conforms } from "../support/schemas.js";

const parts = { source: "a.mp4", face: 1, onsetMs: 10, apexMs: 20.5, offsetMs: 30, modelSha256: "ab" };

t.test("the same expression has the same id, any other another", async (t) => {
  const id = eventId(parts);
  t.equal(eventId({ ...parts, apexMs: 20.500_000_1 }), id);
  t.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const others = [
    { source: "b.mp4" },
    { face: 2 },
    { onsetMs: 11 },
    { apexMs: 20.501 },
    { offsetMs: 31 },
    { modelSha256: "ac" },
  ].map((change) => eventId({ ...parts, ...change }));
  t.equal(new Set([id, ...others]).size, 7);
});

t.test("an event conforms to its schema, and nothing less does", async (t) => {
  t.equal(conforms("micro_expression", sampleEvent()), "");
  t.not(conforms("micro_expression", { ...sampleEvent(), sequence: 0 }), "");
  t.not(conforms("micro_expression", { ...sampleEvent(), extra: 1 }), "");
  const { bootId: _, ...without } = sampleEvent();
  t.not(conforms("micro_expression", without), "");
});
