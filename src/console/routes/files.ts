import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { type Content, type Ending, endings, exportFile, readSession } from "../../archive/index.js";
import { type ConsoleAddress, consoleAddresses } from "../../contract/index.js";
import { FlinchError } from "../../lib/errors.js";
import type { Access } from "../access/access.js";
import { suffices } from "../access/roles.js";
import type { ConsoleParts } from "../parts.js";

/** Names of the files, as an address has them: what is no table is called session. */
const FILES: ReadonlyMap<string, Ending> = new Map(
  endings.map((ending) => [ending.includes(".") ? ending : `session.${ending}`, ending]),
);

/** A session's files for other programs; `none` for what was seen outside of sessions. */
export function fileRoutes(app: FastifyInstance, { history, daemon }: ConsoleParts, access: Access): void {
  app.get<{ Params: ConsoleAddress["file"] }>(
    "/api/sessions/:id/files/:name",
    { schema: { params: consoleAddresses.file }, config: { role: "review" } },
    async (request, reply) => {
      const { id, name } = request.params;
      const ending = FILES.get(name);
      if (ending === undefined)
        throw new FlinchError("NOT_FOUND", `there is no file ${name}; there are ${[...FILES.keys()].join(", ")}`);
      const visitor = await access.visitor(request);
      const seesAll = visitor !== undefined && suffices(visitor.role, "operate");
      const device = daemon?.info().device;
      const recording = readSession(history, id === "none" ? null : id, {
        // A second reviewer must not know what the first one said.
        ...(!seesAll && { reviewer: visitor?.name ?? "" }),
        ...(device !== undefined && { device }),
      });
      const { type, content } = exportFile(recording, ending);
      const pieces = await begun(content);
      return reply
        .header("Content-Disposition", `attachment; filename="${recording.name}.${ending}"`)
        .type(type)
        .send(Readable.from(pieces));
    },
  );
}

/** The same, with its first piece made already: what fails by then is answered as any failure is. */
async function begun(content: Content): Promise<Content> {
  const pieces = content[Symbol.asyncIterator]();
  const first = await pieces.next();
  async function* all() {
    if (first.done) return;
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => pieces };
  }
  return all();
}
