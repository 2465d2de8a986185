export type { ModelInForce, RequestControls } from "./controls.js";
export { Dispatcher, type DispatcherOptions } from "./dispatcher.js";
export { requestKinds } from "./kinds.js";
export type { Outcome, RequestKind, RequestKinds } from "./request.js";
export { serveRequests } from "./serve.js";
