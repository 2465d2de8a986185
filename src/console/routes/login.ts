import type { FastifyInstance } from "fastify";
import { type ConsoleBody, consoleBodies } from "../../contract/index.js";
import { FlinchError } from "../../lib/errors.js";
import type { Access } from "../access/access.js";

/** Who somebody is, and how they become that. */
export function loginRoutes(app: FastifyInstance, access: Access): void {
  app.get("/api/me", async (request) => {
    const visitor = await access.visitor(request);
    return { login: !access.isOpen, visitor: visitor ?? null };
  });
  app.post<{ Body: ConsoleBody["login"] }>(
    "/api/login",
    { schema: { body: consoleBodies.login }, config: { rateLimit: { max: 20, timeWindow: 60_000 } } },
    async (request, reply) => {
      if (access.isOpen) throw new FlinchError("NOT_FOUND", "nobody logs in here");
      await access.login(request.body.name, request.body.password, request, reply);
      return reply.code(204).send();
    },
  );
  app.post("/api/logout", async (request, reply) => {
    access.logout(request, reply);
    return reply.code(204).send();
  });
}
