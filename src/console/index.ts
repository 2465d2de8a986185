export { hashPassword } from "./access/password.js";
export { type Role, roles } from "./access/roles.js";
export { isUserName, writeUser } from "./access/users-file.js";
export type { FeedStats } from "./live/feed.js";
export type { FaceTick } from "./live/live-view.js";
export type { ConsoleParts, ConsoleSettings, DaemonAtWork } from "./parts.js";
export { Console, type Route } from "./server.js";
