export { rowOf } from "./row.js";
export { statusTable } from "./table.js";
