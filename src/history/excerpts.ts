/** Cutting and packing excerpts, without the database. */
export { packExcerpt } from "./excerpt-code.js";
export { FaceExcerpts } from "./face-excerpts.js";
