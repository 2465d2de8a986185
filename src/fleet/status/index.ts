export { type RowDocument, rowOf, type StatusRow } from "./row.js";
export { statusTable } from "./table.js";
