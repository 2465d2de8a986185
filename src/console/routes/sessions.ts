import type { FastifyInstance } from "fastify";
import { type ConsoleAddress, type ConsoleBody, consoleAddresses, consoleBodies } from "../../contract/index.js";
import { FlinchError } from "../../lib/errors.js";
import type { Access } from "../access/access.js";
import type { ConsoleParts, DaemonAtWork } from "../parts.js";

const PAGE = 50;

type ById = { Params: ConsoleAddress["id"] };

/** Sessions: begun, ended, listed, noted, deleted. */
export function sessionRoutes(app: FastifyInstance, parts: ConsoleParts, access: Access): void {
  const { history } = parts;
  const byId = { params: consoleAddresses.id };
  app.get<{ Querystring: ConsoleAddress["sessions"] }>(
    "/api/sessions",
    { schema: { querystring: consoleAddresses.sessions }, config: { role: "view" } },
    async ({ query: { before, limit = PAGE } }) => ({
      sessions: history.sessions({ limit, ...(before !== undefined && { before }) }),
    }),
  );
  app.get<ById>("/api/sessions/:id", { schema: byId, config: { role: "view" } }, async ({ params: { id } }) => {
    const record = history.session(id);
    if (record === undefined) throw new FlinchError("NOT_FOUND", `there is no session ${id}`);
    return { ...record, coverage: history.coverageOf(id) };
  });
  app.post<{ Body: ConsoleBody["session"] }>(
    "/api/sessions",
    { schema: { body: consoleBodies.session }, config: { role: "operate" } },
    async ({ body }, reply) => reply.code(201).send(await atWork(parts).startSession(body)),
  );
  app.post("/api/sessions/stop", { config: { role: "operate" } }, async () => await atWork(parts).stopSession());
  app.put<ById & { Body: ConsoleBody["note"] }>(
    "/api/sessions/:id/note",
    { schema: { ...byId, body: consoleBodies.note }, config: { role: "review" } },
    async ({ params: { id }, body: { note } }, reply) => {
      history.noteSession(id, note);
      return reply.code(204).send();
    },
  );
  app.delete<ById>("/api/sessions/:id", { schema: byId, config: { role: "operate" } }, async (request) => {
    const { id } = request.params;
    const record = history.session(id);
    if (record === undefined) throw new FlinchError("NOT_FOUND", `there is no session ${id}`);
    if (record.report === null) throw new FlinchError("SESSION_OPEN", `session ${id} is open: end it first`);
    const deletion = history.deleteSession(id, (await access.visitor(request))?.name ?? "", "request");
    // The answer says that everything is gone.
    await parts.clips?.kept.sweep();
    return { deletion };
  });
}

function atWork({ daemon }: ConsoleParts): DaemonAtWork {
  if (daemon === undefined)
    throw new FlinchError("NOT_FOUND", "no daemon is at work here: sessions are kept as they are");
  return daemon;
}
