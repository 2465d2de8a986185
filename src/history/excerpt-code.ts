import { deflateSync, inflateSync } from "node:zlib";
import { type PackedExcerpt, packed, unpacked } from "./packed-excerpt.js";
import type { Excerpt } from "./types.js";

/** An excerpt in a fraction of its room: rounded, deflated (zlib). */
export const packExcerpt = (excerpt: Excerpt): Buffer => deflateSync(JSON.stringify(packed(excerpt)));

/** @throws where the bytes hold no excerpt. */
export const unpackExcerpt = (bytes: Uint8Array): Excerpt =>
  unpacked(JSON.parse(inflateSync(bytes).toString("utf8")) as PackedExcerpt);
