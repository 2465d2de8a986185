import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { Sidecar } from "../../src/batch/sidecar.js";

const path = join(t.testdir(), "people.csv");
const read = (text: string) => {
  writeFileSync(path, text);
  return Sidecar.read(path);
};

t.test("a row belongs to a recording by its place, or by its name alone", async (t) => {
  const sidecar = await read('\ufefffile,participant,note\nday1/1.mp4,P1,"left, early"\n2.mp4,P2,\nday9/9.mp4,P9,\n');
  const places = ["day1/1.mp4", "day2/1.mp4", "day2/2.mp4"];
  t.same(sidecar.of(places), [{ participant: "P1", note: "left, early" }, {}, { participant: "P2", note: "" }]);
  t.same(sidecar.without(places), ["day9/9.mp4"]);
});

t.test("what is not sure is refused, with the row", async (t) => {
  const refused = (text: string, message: RegExp) => t.rejects(read(text), { code: "METADATA_UNREADABLE", message });
  await refused("video,participant\n1.mp4,P1\n", /row 1 names no recording in the column 'file'/);
  await refused("file,participant\n1.mp4,P1\n1.mp4,P2\n", /'1\.mp4' has two rows/);
  await refused("file,participant\n1.mp4,P1,extra\n", /people\.csv/);
  await t.rejects(Sidecar.read("/nowhere.csv"), { code: "METADATA_UNREADABLE", message: /ENOENT/ });
  const named = await read("file,participant\n1.mp4,P1\n");
  t.throws(() => named.of(["a/1.mp4", "b/1.mp4"]), { message: /'1\.mp4' may be several recordings/ });
});
