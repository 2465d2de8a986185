import type { FastifyInstance } from "fastify";
import { type ConsoleAddress, type ConsoleBody, consoleAddresses, consoleBodies } from "../../contract/index.js";
import { agreementOf, type KeptMovement } from "../../history/index.js";
import { FlinchError } from "../../lib/errors.js";
import type { Access } from "../access/access.js";
import { suffices } from "../access/roles.js";
import type { ConsoleParts } from "../parts.js";

const PAGE = 100;

/** Movements one by one, and what reviewers say of them. A reviewer sees their own labels alone. */
export function reviewRoutes(app: FastifyInstance, { history, clips }: ConsoleParts, access: Access): void {
  app.get<{ Querystring: ConsoleAddress["movements"] }>(
    "/api/movements",
    { schema: { querystring: consoleAddresses.movements }, config: { role: "view" } },
    async (request) => {
      const { session, raised, before, beforeId = "", reviewer, limit = PAGE } = request.query;
      const found = history.movements({
        limit,
        ...(session !== undefined && { session: session === "none" ? null : session }),
        ...(raised !== undefined && { raised }),
        ...(before !== undefined && { before: { atMs: before, id: beforeId } }),
      });
      const name = await reviewerOf(request, reviewer);
      const own = new Map(history.currentLabels({ reviewer: name }).map((label) => [label.movement, label.decision]));
      return { movements: found.map((movement) => ({ ...briefly(movement), decision: own.get(movement.id) ?? null })) };
    },
  );
  app.get<{ Params: ConsoleAddress["id"]; Querystring: ConsoleAddress["reviewer"] }>(
    "/api/movements/:id",
    { schema: { params: consoleAddresses.id, querystring: consoleAddresses.reviewer }, config: { role: "view" } },
    async (request) => {
      const { id } = request.params;
      const movement = history.movement(id);
      if (movement === undefined) throw new FlinchError("NOT_FOUND", `there is no movement ${id}`);
      const name = await reviewerOf(request, request.query.reviewer);
      return {
        ...movement,
        excerpt: history.excerptOf(id) ?? null,
        clip: await seesClip(request, id),
        labels: history.labelsOf(id).filter(({ reviewer }) => reviewer === name),
      };
    },
  );
  app.post<{ Body: ConsoleBody["label"] }>(
    "/api/labels",
    { schema: { body: consoleBodies.label }, config: { role: "review" } },
    async (request, reply) => {
      const { reviewer, ...wish } = request.body;
      const label = history.label({ ...wish, reviewer: await reviewerOf(request, reviewer) });
      return reply.code(201).send(label);
    },
  );
  app.get<{ Querystring: ConsoleAddress["agreement"] }>(
    "/api/agreement",
    { schema: { querystring: consoleAddresses.agreement }, config: { role: "review" } },
    async ({ query: { session } }) => agreementOf(history.currentLabels(session === undefined ? {} : { session })),
  );

  /** Whether there is a video of an event that whoever asks may see. */
  async function seesClip(request: Parameters<Access["visitor"]>[0], event: string): Promise<boolean> {
    if (!clips?.kept.has(event)) return false;
    const visitor = await access.visitor(request);
    return visitor !== undefined && suffices(visitor.role, clips.role);
  }

  /** Where nobody logs in, a reviewer is whoever they say. */
  async function reviewerOf(request: Parameters<Access["visitor"]>[0], said: string | undefined): Promise<string> {
    const visitor = await access.visitor(request);
    return access.isOpen ? (said ?? "local") : (visitor?.name ?? "");
  }
}

/** Without what only the movement's own page shows. */
function briefly({ id, session, atMs, movement: { statement, ...movement }, event }: KeptMovement) {
  if (statement === undefined) return { id, session, atMs, raised: event !== null, movement };
  const { attention: _, ...told } = { attention: undefined, ...statement };
  return { id, session, atMs, raised: event !== null, movement: { ...movement, statement: told } };
}
