export { publishDay, publishSession, type Sender } from "./publish.js";
export { type DayReport, SessionStore, type SessionStoreOptions } from "./session-store.js";
