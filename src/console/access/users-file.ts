import { readFile, stat } from "node:fs/promises";
import { DurableFile } from "../../lib/durable-file.js";
import { FlinchError, reasonOf } from "../../lib/errors.js";
import { isPasswordHash, type PasswordHash } from "./password.js";
import { type Role, roles } from "./roles.js";

export interface User {
  readonly name: string;
  readonly role: Role;
  readonly hash: PasswordHash;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;

/** True for a name that may stand in the file. */
export const isUserName = (name: string): boolean => NAME.test(name);

/**
 * Those who may log in, one a line: `name role hash`. Blank lines and lines that begin with # are left out.
 * @throws FlinchError USERS_UNREADABLE naming the line
 */
export function parseUsers(text: string, file: string): ReadonlyMap<string, User> {
  const users = new Map<string, User>();
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [name = "", role, hash = "", ...rest] = line.trim().split(/\s+/);
    const known = roles.find((word) => word === role);
    if (!isUserName(name) || known === undefined || !isPasswordHash(hash) || rest.length > 0) {
      const what = `expected NAME ${roles.join("|")} scrypt:…, as flinch console user writes it`;
      throw new FlinchError("USERS_UNREADABLE", `console.usersFile '${file}', line ${i + 1}: ${what}`);
    }
    if (users.has(name))
      throw new FlinchError("USERS_UNREADABLE", `console.usersFile '${file}', line ${i + 1}: '${name}' is there twice`);
    users.set(name, { name, role: known, hash });
  }
  return users;
}

/**
 * Reads the file anew at every call, so that who is taken out of it is out.
 * @throws FlinchError USERS_UNREADABLE; also where others may read it
 */
export async function readUsers(file: string): Promise<ReadonlyMap<string, User>> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    const why = `console.usersFile '${file}' cannot be read: ${reasonOf(cause)}; flinch console user makes it`;
    throw new FlinchError("USERS_UNREADABLE", why, { cause });
  });
  const { mode } = await stat(file);
  if ((mode & 0o077) !== 0)
    throw new FlinchError("USERS_UNREADABLE", `console.usersFile '${file}' can be read by others: chmod 600 it`);
  return parseUsers(text, file);
}

/** Adds somebody to the file, made where it is missing, or gives them another role and password. */
export async function writeUser(file: string, user: User): Promise<void> {
  const durable = new DurableFile(file);
  const text = (await durable.read()) ?? "# name role password; written by flinch console user\n";
  parseUsers(text, file);
  const others = text.split("\n").filter((line) => line !== "" && line.split(/\s+/)[0] !== user.name);
  await durable.write(`${[...others, `${user.name} ${user.role} ${user.hash}`].join("\n")}\n`);
}
