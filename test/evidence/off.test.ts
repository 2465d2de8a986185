import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { loadConfig } from "../../src/config/index.js";
import type { State } from "../../src/contract/index.js";
import { observe } from "../../src/evaluation/observe.js";
import { openModels } from "../../src/pipeline/index.js";
import { shortVideo } from "../support/demo.js";
import { until } from "../support/logs.js";
import { watchedRoom } from "../support/watched-room.js";
import { picturesIn } from "./support/pictures.js";

/** Some pixels of every crop that the pipeline sees in a video; of a plain surface none. */
async function rowsSeen(video: string): Promise<Buffer[]> {
  const { config } = loadConfig({ argv: ["--recognition.providers=cpu"] });
  const models = await openModels(config);
  const rows: Buffer[] = [];
  await observe(config, models, video, new AbortController().signal, async ({ crop }) => {
    const row = Buffer.from(crop.subarray(40 * 112 * 3 + 90, 40 * 112 * 3 + 122));
    if (new Set(row).size > 8) rows.push(row);
  });
  await models.close();
  return rows;
}

/** A crop, uncompressed: what would be the least to give somebody away. */
const CROP_BYTES = 112 * 112 * 3;

const video = await shortVideo(join(t.testdir(), "short.mp4"));

t.test("as it is shipped, the daemon writes no picture and tells none", async (t) => {
  const room = await watchedRoom(t, video);
  const place = t.testdirName;
  const daemon = room.start("--source.loop=false", "--source.pace=fast", "--console.listen=127.0.0.1:0");
  t.equal(await daemon.ended, 0);
  await until(() => room.told("availability").some((payload) => (payload as { status: string }).status === "stopped"));
  t.ok(room.told("event/micro_expression").length > 0, "there was something to film");
  t.equal(room.told<State>("state").at(-1)?.evidence, null);
  t.notOk(existsSync(join(place, "state/evidence")));
  const files = readdirSync(place, { recursive: true, encoding: "utf8" })
    .map((name) => join(place, name))
    .filter((path) => statSync(path).isFile());
  t.ok(files.length > 2);
  const rows = await rowsSeen(video);
  t.ok(rows.length > 50, "these would be recognised");
  for (const path of files) {
    const content = readFileSync(path);
    t.strictSame(picturesIn(content), [], path);
    t.notOk(
      rows.some((row) => content.includes(row)),
      `${path} holds no row of a crop`,
    );
    // The databases hold motion; everything else is small.
    if (!/\.db(-wal|-shm)?$/.test(path)) t.ok(content.length < CROP_BYTES, `${path}: ${content.length} bytes`);
  }
  for (const { topic, payload } of room.subscriber.messages) {
    const text = JSON.stringify(payload);
    t.strictSame(picturesIn(Buffer.from(text)), [], topic);
    t.ok(text.length < CROP_BYTES / 2, `${topic}: ${text.length} bytes`);
  }
});
