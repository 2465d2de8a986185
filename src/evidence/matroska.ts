import type { Footage } from "./footage.js";

/** Times are written in tenths of a millisecond. */
export const TICKS_PER_MS = 10;
const NS_PER_TICK = 1_000_000 / TICKS_PER_MS;

/** EBML: what has an unknown length ends with the stream. */
const ENDLESS = Buffer.from("01ffffffffffffff", "hex");
/** SimpleBlock: track 1, at the cluster's own time, a picture that needs no other. */
const BLOCK_HEAD = Buffer.from([0x81, 0, 0, 0x80]);

function sized(id: string, bytes: number): Buffer {
  const head = Buffer.from(`${id}0100000000000000`, "hex");
  head.writeUIntBE(bytes, head.length - 6, 6);
  return head;
}

const element = (id: string, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([sized(id, body.length), body]);
};

function whole(id: string, value: number): Buffer {
  const body = Buffer.alloc(8);
  body.writeUIntBE(value, 2, 6);
  return element(id, body);
}

const word = (id: string, value: string): Buffer => element(id, Buffer.from(value, "latin1"));

/**
 * Pictures as a Matroska stream (RFC 9559) of uncompressed BGR, piece by piece. Of the formats that ffmpeg reads from a
 * pipe it is the plainest in which every picture says when it was captured.
 */
export function* matroskaOf({ side, stills }: Pick<Footage, "side" | "stills">): Generator<Uint8Array> {
  const video = element("e0", whole("b0", side), whole("ba", side), word("2eb524", "BGR\x18"));
  const track = element("ae", whole("d7", 1), whole("73c5", 1), whole("83", 1), word("86", "V_UNCOMPRESSED"), video);
  yield Buffer.concat([
    element(
      "1a45dfa3",
      whole("4286", 1),
      whole("42f7", 1),
      word("4282", "matroska"),
      whole("4287", 4),
      whole("4285", 2),
    ),
    Buffer.from("18538067", "hex"),
    ENDLESS,
    element("1549a966", whole("2ad7b1", NS_PER_TICK), word("4d80", "flinch"), word("5741", "flinch")),
    element("1654ae6b", track),
  ]);
  const firstMs = stills[0]?.timeMs ?? 0;
  for (const { timeMs, data } of stills) {
    const time = whole("e7", Math.round((timeMs - firstMs) * TICKS_PER_MS));
    const block = sized("a3", BLOCK_HEAD.length + data.length);
    const bytes = time.length + block.length + BLOCK_HEAD.length + data.length;
    yield Buffer.concat([sized("1f43b675", bytes), time, block, BLOCK_HEAD]);
    yield data;
  }
}
