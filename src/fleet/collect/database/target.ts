import { FlinchError } from "../../../lib/errors.js";

/** Where events go. */
export type Target =
  | { readonly kind: "duckdb"; readonly file: string }
  | { readonly kind: "postgres"; readonly url: string };

const KNOWN = "--to takes duckdb:FILE or postgres://USER@HOST/DATABASE";

/**
 * Reads `--to`.
 * @throws FlinchError USAGE for anything else, and for a password, which the list of processes would show
 */
export function targetOf(text: string | undefined): Target {
  if (text === undefined) throw new FlinchError("USAGE", `collect needs a database: ${KNOWN}`);
  const file = /^duckdb:(.+)$/s.exec(text)?.[1];
  if (file !== undefined) return { kind: "duckdb", file };
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text))
    throw new FlinchError("USAGE", `'${text}' is no database: ${KNOWN}`);
  const { password, searchParams } = new URL(text);
  if (password !== "" || searchParams.has("password")) {
    const advice = "leave it out, and put it into the file that PGPASSFILE names, or ~/.pgpass";
    throw new FlinchError("USAGE", `--to has a password in it, which others on this machine can read; ${advice}`);
  }
  return { kind: "postgres", url: text };
}
