// A room that lives until it is killed: node room-child.ts URL ID ARGUMENT…
import { Room } from "./room.js";

const [, , url = "", id = "", ...argv] = process.argv;
await Room.start(url, id, argv);
