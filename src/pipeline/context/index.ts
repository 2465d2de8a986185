export { type Context, contexts } from "./context.js";
export { ContextWatch } from "./context-watch.js";
