/**
 * Writes what training's reader is tested with: an export of a made-up room, by the code of `flinch export`, and what
 * the daemon's spotter makes of the same samples.
 *
 * `npm run -s build && node --import ./test/support/typescript.mjs test/archive/support/write-room-signals.ts`
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportRecording, readSession } from "../../../src/archive/index.js";
import { openHistory } from "../../support/history.js";
import { keepRoom, ROOM_SIGNALS, ROOM_TWIN } from "./room-signals.js";
import { roomTwin } from "./room-twin.js";

const directory = mkdtempSync(join(tmpdir(), "flinch-room-"));
const history = openHistory(directory);
const kept = keepRoom(history);
for (const { id } of kept.sessions) {
  const written = await exportRecording(readSession(history, id, { device: "room-2" }), "parquet", ROOM_SIGNALS);
  // Training reads none.
  for (const path of written) if (path.endsWith(".events.parquet")) rmSync(path);
}
writeFileSync(ROOM_TWIN, `${JSON.stringify(await roomTwin(history, kept))}\n`);
history.close();
rmSync(directory, { recursive: true });
