import { test } from "tap";
import { deviationsOf, differencesOf, eventsOf, LIMITS } from "../../scripts/arm64/compare.mjs";

const EVENT = {
  onsetMs: 1000,
  apexMs: 1100,
  offsetMs: 1200,
  label: "anger",
  probabilities: { anger: 0.9, none: 0.1 },
  actionUnits: { AU4: 0.99 },
};

test("the same events of two machines do not differ", async (t) => {
  t.same(differencesOf([EVENT, EVENT], [EVENT, EVENT]), []);
  t.same(deviationsOf([EVENT], [EVENT]), { timeMs: 0, probability: 0 });
});

test("what lies within the limits is told, not held against it", async (t) => {
  const near = { ...EVENT, apexMs: 1100 + LIMITS.timeMs, actionUnits: { AU4: 0.98 } };
  t.same(differencesOf([EVENT], [near]), []);
  const most = deviationsOf([EVENT], [near]);
  t.equal(most.timeMs, LIMITS.timeMs);
  t.ok(Math.abs(most.probability - 0.01) < 1e-9);
});

test("an event too few or too many, another label, time or probability is a difference", async (t) => {
  const lines = (found: object) => differencesOf([EVENT], [{ ...EVENT, ...found }]).join("\n");
  t.match(differencesOf([EVENT, EVENT], [EVENT]), ["1 events instead of 2"]);
  t.match(lines({ label: "fear" }), /at 1100 ms: fear instead of anger/);
  t.match(lines({ offsetMs: 1218 }), /a time lies 18\.0 ms off/);
  t.match(lines({ probabilities: { anger: 0.5, none: 0.1 } }), /a probability lies 0\.4000 off/);
});

test("a class or a time that only one machine names is a difference", async (t) => {
  t.match(differencesOf([EVENT], [{ ...EVENT, probabilities: { anger: 0.9 } }]), [/a probability lies NaN off/]);
  t.match(differencesOf([EVENT], [{ ...EVENT, apexMs: undefined }]), [/a time lies NaN ms off/]);
});

test("two machines that find nothing are not alike: nothing was compared", async (t) => {
  t.same(differencesOf([], []), ["there is no event to compare"]);
});

test("a library's chatter among the events is an error", async (t) => {
  t.same(eventsOf('{"a":1}\n{"a":2}\n'), [{ a: 1 }, { a: 2 }]);
  t.throws(() => eventsOf('{"a":1}\nInfo: OpenCV\n'), /no event: Info: OpenCV/);
});
