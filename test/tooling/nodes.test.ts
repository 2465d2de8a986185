import t from "tap";
import { onBoards, runsOn } from "./support/nodes.js";

t.match(onBoards, /^24\./);
// The others that a machine may have: test/long/nodes.long.ts.
await runsOn(t, [onBoards]);
