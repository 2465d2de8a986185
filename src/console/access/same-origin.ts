import type { IncomingHttpHeaders } from "node:http";
import { isLoopback } from "../../lib/listen-address.js";

/**
 * Why a request does not come from the console's own pages; undefined where it does.
 * A page elsewhere cannot forge `Origin` or `Sec-Fetch-Site` (Fetch standard, forbidden headers). Where nobody logs in, a
 * foreign name for this machine is refused as well: a page could rebind its own name to it.
 * @param changes whether the request is to change anything
 * @param open whether nobody logs in
 */
export function foreign(
  headers: IncomingHttpHeaders,
  { changes, open }: { readonly changes: boolean; readonly open: boolean },
): string | undefined {
  const { host = "", origin } = headers;
  if (open && !isLoopback(nameIn(host)))
    return `the console answers to this machine's loopback names, not to '${host}'`;
  const site = headers["sec-fetch-site"];
  if (
    site !== undefined &&
    site !== "same-origin" &&
    site !== "none" &&
    (changes || headers["sec-fetch-mode"] !== "navigate")
  )
    return "the request comes from another site";
  if (origin !== undefined && hostIn(origin) !== host) return `the request comes from ${origin}`;
  if (changes && origin === undefined && site === undefined && headers["x-flinch"] === undefined)
    return "a request without Origin needs the header X-Flinch";
  return undefined;
}

const nameIn = (host: string): string => host.replace(/:\d+$/, "").replaceAll(/^\[|\]$/g, "");

const hostIn = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined);
