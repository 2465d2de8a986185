import { readFileSync } from "node:fs";
import t from "tap";
import { openHistory } from "../support/history.js";
import { keepRoom, ROOM_TWIN } from "./support/room-signals.js";
import { type RoomTwin, roomTwin } from "./support/room-twin.js";

// training/tests/data/room reads the export of the same room, and is held to the same record.
const recorded = JSON.parse(readFileSync(ROOM_TWIN, "utf8")) as RoomTwin;
const history = openHistory(t.testdir());
t.teardown(() => history.close());
const now = await roomTwin(history, keepRoom(history));

t.test("training reads the columns, in the units, that an export has", (t) => {
  t.strictSame(now.columns, recorded.columns, "write-room-signals.ts writes them anew");
  t.end();
});

t.test("training is held to what the spotter's grid makes of exported samples", (t) => {
  t.strictSame(now.movements, recorded.movements);
  t.equal(now.movements.length, 5);
  t.ok(now.movements.every(({ steps }) => steps > 250));
  t.end();
});
