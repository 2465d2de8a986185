/** A key of a document that was refused, and why. */
export interface RefusedKey {
  readonly key: string;
  readonly reason: string;
}

/** Why a document is not taken, in one line for whoever sent it; nothing of the device's secrets is in it. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  constructor(
    message: string,
    /** The version that was refused, where one could be read. */
    readonly version: number | null = null,
    readonly keys: readonly RefusedKey[] = [],
  ) {
    super(message);
  }
}
