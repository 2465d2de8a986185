import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";

/** 32 MiB and about a tenth of a second a guess (RFC 7914; OWASP's advice for scrypt). */
const COST = { N: 2 ** 15, r: 8, p: 3 } as const;
const LENGTH = 32;
/** A file may ask for as much as this, no more: it must not stop the daemon. */
const MOST_MEMORY = 256 * 2 ** 20;

/** `scrypt:N:r:p:salt:hash`, salt and hash in base64url. */
export type PasswordHash = string;

const PATTERN = /^scrypt:(\d+):(\d+):(\d+):([\w-]+):([\w-]+)$/;

export function isPasswordHash(text: string): boolean {
  return PATTERN.test(text);
}

/** The hash of a password under a new salt. */
export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(16);
  const { N, r, p } = COST;
  const hash = await derive(password, salt, LENGTH, { N, r, p });
  return ["scrypt", N, r, p, salt.toString("base64url"), hash.toString("base64url")].join(":");
}

/** Whether this is the password of the hash; takes as long either way. */
export async function isPassword(password: string, stored: PasswordHash): Promise<boolean> {
  const [, N, r, p, salt = "", hash = ""] = PATTERN.exec(stored) ?? [];
  const expected = Buffer.from(hash, "base64url");
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const found = await derive(password, Buffer.from(salt, "base64url"), expected.length || LENGTH, cost);
  return expected.length > 0 && timingSafeEqual(found, expected);
}

function derive(password: string, salt: Buffer, length: number, cost: ScryptOptions): Promise<Buffer> {
  // Equal letters in two encodings are one password.
  const text = password.normalize("NFKC");
  return new Promise((resolve, reject) => {
    scrypt(text, salt, length, { ...cost, maxmem: MOST_MEMORY }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
