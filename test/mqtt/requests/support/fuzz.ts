import fc from "fast-check";
import { requestKinds } from "../../../../src/mqtt/requests/index.js";
import { type Answer, asking } from "../../../support/asking.js";
import { fakeControls } from "../../../support/controls.js";
import { until } from "../../../support/logs.js";
import { conforms } from "../../../support/schemas.js";

const known = [...requestKinds(fakeControls()).keys()];
const names = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...known) },
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.constantFrom("", "/", "__proto__", "constructor", "status/", "session", `${"a/".repeat(150)}b`),
);
const word = fc.constantFrom("transaction", "subject", "consent", "room", "purpose", "scope", "__proto__", "toString");
const value = fc.oneof(fc.jsonValue(), fc.string({ unit: "binary" }), fc.constantFrom("P-1", "form/1", "pipeline"));
const payloads = fc.oneof(
  fc.dictionary(fc.oneof(word, fc.string()), value).map((fields) => Buffer.from(JSON.stringify(fields))),
  fc.jsonValue().map((json) => Buffer.from(JSON.stringify(json) ?? "")),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.nat(20_000).map((length) => Buffer.alloc(length, "[")),
  fc.constantFrom("", "{}", "null", '{"transaction":null}', '{"a":1,"a":2}').map((text) => Buffer.from(text)),
);
const requests = fc.record({
  name: names,
  payload: payloads,
  responseTopic: fc.option(
    fc.oneof(fc.string(), fc.constantFrom("flinch/device/request/restart", "flinch/device/response/a/+/#")),
    {
      nil: undefined,
    },
  ),
  correlationData: fc.option(
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    { nil: undefined },
  ),
});
/** How the daemon behaves meanwhile: does it, breaks, or says nonsense. */
const devices = [
  {},
  {
    status: () => {
      throw new TypeError("broken");
    },
  },
  { diagnose: () => Promise.reject(undefined), stopSession: () => Promise.reject("no") },
  { status: () => ({ at: Number.NaN, none: undefined }) },
].map((changes) => asking({ kinds: requestKinds(fakeControls(changes)) }));

/** Waits for an answer without a timer: ten thousand of those add up. */
async function answered(answers: readonly Answer[]): Promise<void> {
  for (let turn = 0; turn < 100 && answers.length === 0; turn++) await new Promise((resolve) => setImmediate(resolve));
  await until(() => answers.length > 0);
  await new Promise((resolve) => setImmediate(resolve));
}

/**
 * Asks so many times, whatever comes to mind; returns how many answers were "ok" and "error".
 * @throws Error where a request has not one answer, or one that the schema does not allow
 */
export async function fuzz(runs: number): Promise<Record<"ok" | "error", number>> {
  const said = { ok: 0, error: 0 };
  const property = fc.asyncProperty(requests, fc.constantFrom(...devices), async (request, { ask, answers }) => {
    answers.length = 0;
    const { name, payload, responseTopic, correlationData } = request;
    ask(name, payload, {
      ...(responseTopic !== undefined && { responseTopic }),
      ...(correlationData !== undefined && { correlationData }),
    });
    await answered(answers);
    const [answer] = answers as [Answer];
    const wrong = answers.length === 1 ? conforms("response", answer.response) : `${answers.length} answers`;
    if (wrong !== "") throw new Error(wrong);
    said[answer.response.status]++;
    if (!/^flinch\/device\/response(\/|$)/.test(answer.topic)) throw new Error(`answered on ${answer.topic}`);
    if (correlationData !== undefined && !answer.correlationData?.equals(correlationData)) throw new Error("whose?");
  });
  await fc.assert(property, { numRuns: runs });
  return said;
}
