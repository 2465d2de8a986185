import type { FastifyInstance } from "fastify";
import { FlinchError } from "../../lib/errors.js";
import { flinchVersion } from "../../lib/package-version.js";
import type { Feed } from "../live/feed.js";
import { OUTLINE_LENGTHS } from "../live/outline.js";
import type { ConsoleParts, ConsoleSettings } from "../parts.js";

/** What goes on now: the state when asked, and everything as it comes. */
export function liveRoutes(
  app: FastifyInstance,
  { daemon }: ConsoleParts,
  settings: ConsoleSettings,
  feed: Feed,
): void {
  app.get("/api/state", { config: { role: "view" } }, async () => ({
    version: flinchVersion(),
    state: daemon?.state() ?? null,
    info: daemon?.info() ?? null,
    feed: feed.stats(),
  }));
  app.get("/api/live", { config: { role: "view", rateLimit: false } }, async (_, reply) => {
    if (daemon === undefined) throw new FlinchError("NOT_FOUND", "no daemon is at work here");
    if (feed.isFull)
      throw new FlinchError("BUSY", `${settings.maxClients} tabs follow the live view already (console.maxClients)`);
    // Fastify's headers, helmet's among them, go out with a response that is written by hand.
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value);
    reply.hijack();
    reply.raw.writeHead(200, {
      "Content-Type": "text/event-stream; charset=utf-8",
      "Cache-Control": "no-store",
      "X-Accel-Buffering": "no",
    });
    feed.join(reply.raw, {
      version: flinchVersion(),
      regions: daemon.regions(),
      threshold: daemon.threshold(),
      outline: settings.face === "outline" ? OUTLINE_LENGTHS : null,
      state: daemon.state(),
      info: daemon.info(),
    });
  });
}
