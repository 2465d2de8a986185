import type { AddressInfo } from "node:net";
import { type ErrorCode, FlinchError, reasonOf } from "./errors.js";
import { LISTEN_ALLOWED, type ListenAddress, parseListenAddress } from "./listen-address.js";

/** A server, as far as it is opened here. */
interface Server {
  listen(address: ListenAddress): Promise<unknown>;
  close(): Promise<unknown>;
  readonly server: { address(): AddressInfo | string | null };
}

/** What to do about the failures that somebody can do something about. */
const WHY: Readonly<Record<string, string>> = {
  EADDRINUSE: "is taken by another process; set another port, or 0 for any free one",
  EADDRNOTAVAIL: "is no address of this machine; set one of its own, or 0.0.0.0 for all",
  EACCES: "may not be opened by this user; set a port above 1023",
};

/**
 * Lets a server listen where a key says, ADDRESS:PORT; one that cannot is closed.
 * @returns where it listens: of port 0, the one that it got
 * @throws FlinchError CONFIG_INVALID for an address that is none, `code` where it cannot be listened on
 */
export async function listenOn(app: Server, key: string, listen: string, code: ErrorCode): Promise<ListenAddress> {
  const wanted = parseListenAddress(listen);
  if (wanted === undefined) throw new FlinchError("CONFIG_INVALID", `${key} '${listen}' must be ${LISTEN_ALLOWED}`);
  try {
    await app.listen(wanted);
  } catch (thrown) {
    await app.close();
    const known = thrown instanceof Error && "code" in thrown ? WHY[String(thrown.code)] : undefined;
    const why = known ?? `cannot be opened (${reasonOf(thrown)})`;
    throw new FlinchError(code, `${key} ${listen} ${why}`, { cause: thrown });
  }
  const bound = app.server.address();
  return { host: wanted.host, port: typeof bound === "object" && bound !== null ? bound.port : wanted.port };
}
