import type { ServerResponse } from "node:http";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { FlinchError } from "../../lib/errors.js";
import { flinchVersion } from "../../lib/package-version.js";
import type { Access } from "../access/access.js";
import type { Feed } from "../live/feed.js";
import { OUTLINE_LENGTHS } from "../live/outline.js";
import type { ConsoleParts, ConsoleSettings } from "../parts.js";

const CHECK_EVERY_MS = 3000;

/** What goes on now: the state when asked, and everything as it comes. */
export function liveRoutes(
  app: FastifyInstance,
  { daemon }: ConsoleParts,
  settings: ConsoleSettings,
  feed: Feed,
  access: Access,
): void {
  app.get("/api/state", { config: { role: "view" } }, async () => ({
    version: flinchVersion(),
    state: daemon?.state() ?? null,
    info: daemon?.info() ?? null,
    feed: feed.stats(),
  }));
  app.get("/api/live", { config: { role: "view", rateLimit: false } }, async (request, reply) => {
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
    endWithLogin(request, reply.raw);
    feed.join(reply.raw, {
      version: flinchVersion(),
      regions: daemon.regions(),
      threshold: daemon.threshold(),
      outline: settings.face === "outline" ? OUTLINE_LENGTHS : null,
      state: daemon.state(),
      info: daemon.info(),
    });
  });

  /** Somebody who has logged out, or whose name was taken out of the file, sees no more. */
  function endWithLogin(request: FastifyRequest, response: ServerResponse): void {
    const timer = setInterval(() => {
      access.visitor(request).then(
        (visitor) => visitor ?? response.end(),
        () => response.end(),
      );
    }, CHECK_EVERY_MS).unref();
    response.once("close", () => clearInterval(timer));
  }
}
