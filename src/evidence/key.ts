import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { makeFolder, whyDisk } from "../lib/disk.js";
import { syncFolder, writeThrough } from "../lib/durable-file.js";
import { FlinchError } from "../lib/errors.js";

/** Who may read a file beside its owner. */
const OTHERS = 0o077;

/** What clips are encrypted to, and what they are decrypted with. */
export interface Key {
  /** age1… */
  readonly recipient: string;
  /** AGE-SECRET-KEY-1… */
  readonly identity: string;
}

/**
 * Reads the key of clips.
 * @param file as `writeKey` makes it, or age-keygen
 * @param data directories that are backed up or sent away together with the clips: the key may not lie there
 * @throws FlinchError CONFIG_INVALID where it cannot be read, others can read it, it holds no identity, or lies in `data`
 */
export async function readKey(file: string, data: readonly string[]): Promise<Key> {
  const problem = (why: string, cause?: unknown) =>
    new FlinchError("CONFIG_INVALID", `evidence.keyFile '${file}' ${why}`, { cause });
  let text: string;
  try {
    const inside = data.find((directory) => liesIn(realpathSync(file), directory));
    if (inside !== undefined)
      throw problem(
        `lies in ${inside}, with what it protects: keep it elsewhere, for example beside the configuration`,
      );
    if ((statSync(file).mode & OTHERS) !== 0) throw problem(`can be read by others: chmod 600 ${file}`);
    text = readFileSync(file, "utf8");
  } catch (thrown) {
    if (thrown instanceof FlinchError) throw thrown;
    throw problem(`cannot be read (${whyDisk(thrown)}): make one with flinch evidence key`, thrown);
  }
  const identities = text.split("\n").filter((line) => line.startsWith("AGE-SECRET-KEY-"));
  const [identity = ""] = identities;
  if (identities.length !== 1)
    throw problem(`holds ${identities.length} identities (AGE-SECRET-KEY-…), and it must hold one`);
  try {
    return { identity: identity.trim(), recipient: await identityToRecipient(identity.trim()) };
  } catch (cause) {
    // What the library says might repeat the key.
    throw problem("holds no valid age identity: make one with flinch evidence key", cause);
  }
}

/**
 * Makes a key and writes it for this user alone.
 * @returns what it encrypts to
 * @throws FlinchError CONFIG_INVALID where the file is there already, or cannot be written
 */
export async function writeKey(file: string): Promise<string> {
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const text = `# created: ${new Date().toISOString()}\n# public key: ${recipient}\n${identity}\n`;
  if (existsSync(file))
    throw new FlinchError("CONFIG_INVALID", `'${file}' is there already, and clips may need it: name another file`);
  try {
    makeFolder(dirname(file), 0o700);
    await writeThrough(file, text, "wx");
    await syncFolder(dirname(file));
  } catch (cause) {
    throw new FlinchError("CONFIG_INVALID", `'${file}' cannot be written: ${whyDisk(cause)}`, { cause });
  }
  return recipient;
}

function liesIn(file: string, directory: string): boolean {
  return `${file}${sep}`.startsWith(`${existing(directory)}${sep}`);
}

/** Where a directory is, or will be once it is made. */
function existing(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    const above = dirname(directory);
    return above === directory ? directory : join(existing(above), basename(directory));
  }
}
