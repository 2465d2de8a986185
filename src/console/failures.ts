import type { FastifyError, FastifyInstance } from "fastify";
import { type ErrorCode, FlinchError, reasonOf } from "../lib/errors.js";
import type { Logger } from "../lib/logger.js";

/** What a failure means to a browser; any other is the server's. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  FOREIGN: 403,
  LOGIN_NEEDED: 401,
  LOGIN_WRONG: 401,
  ROLE_NEEDED: 403,
  NOT_FOUND: 404,
  HISTORY_UNKNOWN: 404,
  LABEL_INVALID: 422,
  SESSION_OPEN: 409,
  SESSION_NONE: 409,
  BUSY: 503,
  TOO_SOON: 429,
  HISTORY_UNWRITABLE: 507,
  STATE_UNWRITABLE: 507,
};

/** Answers every failure with `{ error: { code, message } }`; what is not the visitor's doing is logged. */
export function answerFailures(app: FastifyInstance, log: Logger): void {
  app.setErrorHandler<FastifyError | FlinchError>((error, request, reply) => {
    const known = error instanceof FlinchError;
    const status = known ? (STATUS[error.code] ?? 500) : (error.statusCode ?? 500);
    if (status >= 500) log.error({ err: error, url: request.routeOptions.url }, "console: a request failed");
    // The reason of a fault of ours stays in the log.
    const message = status === 500 && !known ? "the console failed; its log says why" : reasonOf(error);
    return reply.code(status).send({ error: { code: error.code ?? "INTERNAL", message } });
  });
  app.setNotFoundHandler((request, reply) =>
    reply
      .code(404)
      .send({ error: { code: "NOT_FOUND", message: `there is no ${request.method} ${request.url.slice(0, 200)}` } }),
  );
}
