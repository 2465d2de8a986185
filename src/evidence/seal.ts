import { setImmediate } from "node:timers/promises";
import { Decrypter, Encrypter } from "age-encryption";
import { FlinchError } from "../lib/errors.js";
import type { Key } from "./key.js";

/** age works in pieces of this size; between two of them others have their turn. */
const PIECE = 64 * 1024;

/** Encrypts clips, and decrypts them: age (age-encryption.org/v1), to one recipient. */
export class Seal {
  private constructor(
    private readonly key: Key,
    private readonly keyFile: string,
  ) {}

  /** Proves that the key works; what is slow the first time is so before the first frame. */
  static async open(key: Key, keyFile: string): Promise<Seal> {
    const seal = new Seal(key, keyFile);
    await seal.decrypt(await seal.encrypt(Buffer.from("clip")));
    return seal;
  }

  async encrypt(plain: Uint8Array): Promise<Uint8Array> {
    const encrypter = new Encrypter();
    encrypter.addRecipient(this.key.recipient);
    return await collected(await encrypter.encrypt(inPieces(plain)));
  }

  /** @throws FlinchError CLIP_UNREADABLE for what was encrypted to another key, or is damaged */
  async decrypt(encrypted: Uint8Array): Promise<Uint8Array> {
    const decrypter = new Decrypter();
    decrypter.addIdentity(this.key.identity);
    try {
      return await collected(await decrypter.decrypt(inPieces(encrypted)));
    } catch (cause) {
      const why = `the clip is damaged, or evidence.keyFile '${this.keyFile}' is not the key that it was encrypted to`;
      throw new FlinchError("CLIP_UNREADABLE", why, { cause });
    }
  }
}

function inPieces(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      await setImmediate();
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(at, at + PIECE));
      at += PIECE;
    },
  });
}

async function collected(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(pieces);
    pieces.push(value);
  }
}
