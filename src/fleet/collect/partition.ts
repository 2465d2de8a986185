import { FlinchError } from "../../lib/errors.js";

/** The part of the devices that one of several collectors takes. */
export interface Partition {
  /** 1 … of. */
  readonly part: number;
  readonly of: number;
}

/**
 * Reads `--partition`.
 * @throws FlinchError USAGE for anything but I/N with I from 1 to N
 */
export function partitionOf(text: string): Partition {
  const [, part = 0, of = 0] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  if (part < 1 || part > of)
    throw new FlinchError("USAGE", `--partition is '${text}'; it takes I/N, as 1/4 to 4/4 for four collectors`);
  return { part, of };
}

/** FNV-1a, 32 bits: the same part for a device in every collector and version. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

export function inPartition(device: string, { part, of }: Partition): boolean {
  return hashOf(device) % of === part - 1;
}
