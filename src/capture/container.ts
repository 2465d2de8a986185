import { type FileHandle, open } from "node:fs/promises";

/**
 * What a video file's container says of its own length.
 * - `short`: the file is shorter than the container says: cut off while it was copied or written
 * - `unfinished`: an MP4 without its index, which is written last: the recording was never ended
 * - `whole`: as long as it says, or it does not say
 */
export type ContainerState = "whole" | "short" | "unfinished";

/** Looks at the outermost elements of MP4 (ISO/IEC 14496-12), Matroska (RFC 9559) and AVI; no more of a file is read. */
export async function containerState(path: string | URL): Promise<ContainerState> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const head = await bytesAt(file, 0, 16);
    const four = head.toString("latin1", 0, 4);
    if (four === "RIFF" && head.length >= 8) return 8 + head.readUInt32LE(4) > size ? "short" : "whole";
    if (head.length >= 4 && head.readUInt32BE(0) === EBML) return await matroskaState(file, size);
    if (["ftyp", "moov", "mdat", "wide", "free", "skip"].includes(head.toString("latin1", 4, 8)))
      return await mp4State(file, size);
    return "whole";
  } finally {
    await file.close();
  }
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

const TO_THE_END = 0;
const LONG_SIZE = 1;

async function mp4State(file: FileHandle, size: number): Promise<ContainerState> {
  const seen = new Set<string>();
  let state: ContainerState = "whole";
  for (let at = 0; at + 8 <= size; ) {
    const head = await bytesAt(file, at, 16);
    const short = head.readUInt32BE(0);
    const length = short === LONG_SIZE && head.length === 16 ? Number(head.readBigUInt64BE(8)) : short;
    seen.add(head.toString("latin1", 4, 8));
    if (length === TO_THE_END) break;
    if (length < 8) break; // no box: whatever follows is not for us to judge
    at += length;
    if (at > size) state = "short";
  }
  return seen.has("mdat") && !seen.has("moov") ? "unfinished" : state;
}

const EBML = 0x1a45dfa3;
const SEGMENT = 0x18538067;

async function matroskaState(file: FileHandle, size: number): Promise<ContainerState> {
  const header = vint(await bytesAt(file, 4, 8));
  if (header === undefined) return "whole";
  const at = 4 + header.bytes + header.value;
  const head = await bytesAt(file, at, 12);
  if (head.length < 5 || head.readUInt32BE(0) !== SEGMENT) return "whole";
  const segment = vint(head.subarray(4));
  // A live recording does not know how long it will be.
  if (segment === undefined || segment.unknown) return "whole";
  return at + 4 + segment.bytes + segment.value > size ? "short" : "whole";
}

/** A number of variable length (RFC 8794, section 4); all ones mean that it is not known. */
function vint(
  bytes: Buffer,
): { readonly bytes: number; readonly value: number; readonly unknown: boolean } | undefined {
  const [first = 0] = bytes;
  const length = Math.clz32(first) - 23;
  if (length > 8 || bytes.length < length) return undefined;
  const bits = 7 * length;
  const value = BigInt(`0x${bytes.subarray(0, length).toString("hex")}`) & ((1n << BigInt(bits)) - 1n);
  return { bytes: length, value: Number(value), unknown: value === (1n << BigInt(bits)) - 1n };
}
