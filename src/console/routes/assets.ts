import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { FastifyInstance } from "fastify";

const FILES = {
  "/": ["index.html", "text/html; charset=utf-8"],
  "/app.js": ["console.js", "text/javascript; charset=utf-8"],
  "/app.css": ["console.css", "text/css; charset=utf-8"],
  "/icon.svg": ["icon.svg", "image/svg+xml"],
} as const;

/** Where scripts/build-web.mjs puts them. */
const BUNDLE = new URL("../../../dist/web/", import.meta.url);

/** The console's pages, which hold nothing about anybody: four files, read once. */
export function assetRoutes(app: FastifyInstance): void {
  for (const [url, [name, type]] of Object.entries(FILES)) {
    const content = readFileSync(new URL(name, BUNDLE));
    const etag = `"${createHash("sha256").update(content).digest("base64url").slice(0, 22)}"`;
    app.get(url, async (request, reply) => {
      void reply.header("ETag", etag).header("Cache-Control", "no-cache").type(type);
      if (request.headers["if-none-match"] === etag) return reply.code(304).send();
      return reply.send(content);
    });
  }
}
