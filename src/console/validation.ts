import { Ajv2020 } from "ajv/dist/2020.js";
import type { FastifyInstance } from "fastify";

/**
 * Checks what comes against the contract's schemas: a body as it stands, parameters and queries with their texts read
 * as numbers.
 */
export function checkRequests(app: FastifyInstance): void {
  const options = { allErrors: false, strict: true, allowUnionTypes: true } as const;
  const bodies = new Ajv2020(options);
  const addresses = new Ajv2020({ ...options, coerceTypes: true });
  app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === "body" ? bodies : addresses).compile(schema));
}
