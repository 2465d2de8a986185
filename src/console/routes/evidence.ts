import type { FastifyInstance } from "fastify";
import { type ConsoleAddress, consoleAddresses } from "../../contract/index.js";
import { FlinchError } from "../../lib/errors.js";
import type { Access } from "../access/access.js";
import type { ConsoleParts } from "../parts.js";

const URL = "/api/movements/:id/clip";

type ById = { Params: ConsoleAddress["id"] };

/** Videos of events: decrypted for whoever may see them, and deleted one by one. Each look at one is logged. */
export function evidenceRoutes(app: FastifyInstance, { clips, log }: ConsoleParts, access: Access): void {
  const schema = { params: consoleAddresses.id };
  app.get<ById>(URL, { schema, config: { role: clips?.role ?? "review" } }, async (request, reply) => {
    const { id } = request.params;
    const mp4 = await keptIn(clips, id).mp4(id);
    const part = partOf(request.headers.range, mp4.length);
    if (part === undefined || part.from === 0)
      log.info({ event: id, user: (await access.visitor(request))?.name }, "console: a clip is looked at");
    void reply.header("Cache-Control", "no-store").header("Accept-Ranges", "bytes").type("video/mp4");
    if (part === undefined) return reply.send(mp4);
    void reply.header("Content-Range", `bytes ${part.from}-${part.to}/${mp4.length}`);
    return reply.code(206).send(mp4.subarray(part.from, part.to + 1));
  });
  app.delete<ById>(URL, { schema, config: { role: "operate" } }, async (request, reply) => {
    const { id } = request.params;
    await keptIn(clips, id).remove(id, (await access.visitor(request))?.name ?? "");
    return reply.code(204).send();
  });
}

function keptIn(clips: ConsoleParts["clips"], id: string): NonNullable<ConsoleParts["clips"]>["kept"] {
  if (clips === undefined) throw new FlinchError("NOT_FOUND", `there is no clip of event ${id}`);
  return clips.kept;
}

/** The one part that a browser asks for, to jump to it; undefined for the whole, which may always be sent instead. */
function partOf(range: string | undefined, length: number): { readonly from: number; readonly to: number } | undefined {
  const [, from = "", to = ""] = /^bytes=(\d+)-(\d*)$/.exec(range ?? "") ?? [];
  if (from === "" || Number(from) >= length) return undefined;
  const last = to === "" ? length - 1 : Math.min(Number(to), length - 1);
  return last < Number(from) ? undefined : { from: Number(from), to: last };
}
