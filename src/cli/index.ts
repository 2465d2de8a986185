export type { CommandDescription } from "./command.js";
export { createProgram } from "./program.js";
