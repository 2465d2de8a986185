export { Daemon } from "./daemon.js";
export { type ServedHistory, serveHistory } from "./serve-history.js";
