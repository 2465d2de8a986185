import { connect } from "node:net";
import { FlinchError, reasonOf } from "../lib/errors.js";
import { redactAddress } from "../lib/redact.js";

const DEFAULT_PORTS: Readonly<Record<string, number>> = { "rtsp:": 554, "rtsps:": 322, "http:": 80, "https:": 443 };

/** Says hello in the stream's own protocol, so that a host that accepts but never answers is told apart. */
function greeting(url: URL): string | undefined {
  if (url.protocol === "rtsp:") return `OPTIONS rtsp://${url.host}${url.pathname} RTSP/1.0\r\nCSeq: 1\r\n\r\n`;
  return undefined; // An HTTP camera may serve one viewer only: a connection shows enough.
}

/** Resolves when the host answers; throws SOURCE_UNREADABLE when it refuses, or keeps silent for `timeoutMs`. */
export function probeStream(uri: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const url = new URL(uri);
  const port = Number(url.port) || DEFAULT_PORTS[url.protocol] || 0;
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const hello = greeting(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const finish = (why?: string): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      socket.destroy();
      if (why === undefined) resolve();
      else reject(new FlinchError("SOURCE_UNREADABLE", `no stream at ${redactAddress(uri)}: ${why}`));
    };
    const abort = (): void => finish("stopped");
    const timer = setTimeout(() => finish(`no answer from ${host}:${port} within ${timeoutMs} ms`), timeoutMs);
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    socket.on("error", (error) => finish(reasonOf(error)));
    socket.on("close", () => finish("the host closed the connection"));
    socket.on("data", () => finish());
    socket.on("connect", () => (hello === undefined ? finish() : socket.write(hello)));
  });
}
