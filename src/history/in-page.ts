/** What reviews without a database: for a page in a browser. */
export { agreementOf } from "./agreement.js";
export { checkWish } from "./label-wish.js";
export { type PackedExcerpt, unpacked } from "./packed-excerpt.js";
