import { isIP } from "node:net";

/** Where a server listens. */
export interface ListenAddress {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
}

/** What `parseListenAddress` takes, in words for a refusal. */
export const LISTEN_ALLOWED = "ADDRESS:PORT, for example 127.0.0.1:9321, 0.0.0.0:9321 or [::1]:9321, or empty";

/** Reads "127.0.0.1:9321", "[::1]:9321" or "localhost:9321"; undefined for anything else. Names are not looked up. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const found = /^(?:\[([^\]]+)\]|([^:\s]+)):(\d{1,5})$/.exec(text);
  if (found === null) return undefined;
  const [, six, other = "", digits] = found;
  const port = Number(digits);
  const known = six === undefined ? other === "localhost" || isIP(other) === 4 : isIP(six) === 6;
  return known && port <= 65_535 ? { host: six ?? other, port } : undefined;
}

/** The address as `parseListenAddress` reads it. */
export function listenAddressText({ host, port }: ListenAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** True for a host that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host);
}
