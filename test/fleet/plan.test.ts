import t from "tap";
import { nextVersion } from "../../src/fleet/configure/answer.js";
import { over } from "../../src/fleet/configure/over.js";
import { stagesOf } from "../../src/fleet/configure/stages.js";

t.test("stages are numbers and shares of all devices, and end with all", async (t) => {
  t.same(stagesOf("1,10%,all", 40), [1, 4, 40]);
  t.same(stagesOf("1,10%,all", 4), [1, 4], "a tenth of four is one more time one");
  t.same(stagesOf("1,10%,all", 1), [1]);
  t.same(stagesOf("2, 5", 9), [2, 5, 9]);
  t.same(stagesOf("100%", 9), [9]);
  t.same(stagesOf("50", 9), [9]);
  t.same(stagesOf("5,2,30%", 10), [5, 10]);
  for (const text of ["", "0", "0%", "-1", "110%", "1.5", "some"])
    t.throws(() => stagesOf(text, 40), { code: "USAGE" }, text);
});

t.test("changes go over what a document sets, and null stays null", async (t) => {
  const kept = { spotting: { minMs: 80, maxMs: null }, device: { room: "Blue" } };
  t.same(over(kept, { spotting: { maxMs: 400 }, log: { level: null } }), {
    spotting: { minMs: 80, maxMs: 400 },
    device: { room: "Blue" },
    log: { level: null },
  });
  t.same(over(kept, { spotting: null }), { ...kept, spotting: null });
  t.same(Object.keys(over({}, JSON.parse('{"__proto__": {"a": 1}}'))), ["__proto__"]);
});

t.test("a version is above all that a device may have taken", async (t) => {
  const document = { version: 4, status: "refused", reason: "", refused: [], inForce: 7 } as const;
  t.equal(nextVersion(undefined, [null], 1), 1);
  t.equal(nextVersion(3, [{ ...document, superseded: [] }], 1), 8);
  t.equal(nextVersion(3, [{ ...document, superseded: [{ from: 8, to: 11 }] }], 1), 12);
  t.equal(nextVersion(12, [null], 20), 20);
});
