import t from "tap";
import { onBoards, runsOn } from "../tooling/support/nodes.js";

await runsOn(t, [onBoards, "22.23.3", "20.20.2"]);
