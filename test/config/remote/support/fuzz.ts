import fc from "fast-check";
import { keysByPath } from "../../../../src/config/paths.js";
import { changedKeys } from "../../../../src/config/remote/index.js";
import { desiredConfigOf, localConfig } from "../../../support/desired-config.js";
import { validatorOf } from "../../../support/schemas.js";

const paths = [...keysByPath.keys()];
const remotePaths = paths.filter((path) => keysByPath.get(path)?.remote);
const problemOf = validatorOf("config_reported");
const local = localConfig("--device.groups=floor");

/** {a: {b: value}} of "a.b". */
const nested = (path: string, value: unknown): unknown =>
  path.split(".").reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);

function merged(parts: readonly unknown[]): unknown {
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const merge = (one: unknown, two: unknown): unknown => {
    if (!isObject(one) || !isObject(two)) return two;
    const names = new Set([...Object.keys(one), ...Object.keys(two)]);
    return Object.fromEntries([...names].map((name) => [name, name in two ? merge(one[name], two[name]) : one[name]]));
  };
  return parts.reduce(merge, {});
}

const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    null,
    0,
    1,
    0.5,
    -1,
    1e308,
    true,
    "",
    "cpu",
    "motion",
    "learned",
    "debug",
    "* * * * * *",
    [],
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: 0, max: 5000 }),
);
/** Values that are likely to be allowed: what the key has, near it, or of its own words. */
const likelyValue = (path: string) => {
  const key = keysByPath.get(path);
  const words = key?.json["enum"];
  const known = Array.isArray(words) ? words : [key?.default];
  const near =
    typeof key?.default === "number" ? [key.default / 2, key.default + 1, Math.round(key.default * 1.5)] : [];
  return fc.oneof(
    { arbitrary: fc.constantFrom<unknown>(...known, ...near, null), weight: 4 },
    { arbitrary: anyValue, weight: 1 },
  );
};
const remotePart = fc
  .constantFrom(...remotePaths)
  .chain((path) => likelyValue(path).map((value) => nested(path, value)));
const anyPart = fc.oneof(
  fc.tuple(fc.constantFrom(...paths), anyValue).map(([path, value]) => nested(path, value)),
  fc.tuple(fc.constantFrom(...paths), fc.string(), anyValue).map(([path, tail, v]) => nested(`${path}${tail}`, v)),
  fc.constantFrom("__proto__", "constructor", "device", "mqtt", "spotting", "$schema").map((name) => ({ [name]: {} })),
  fc.dictionary(fc.string(), anyValue),
);
const configs = fc.oneof(
  { arbitrary: fc.array(remotePart, { minLength: 1, maxLength: 4 }).map(merged), weight: 5 },
  { arbitrary: fc.array(fc.oneof(remotePart, anyPart), { maxLength: 5 }).map(merged), weight: 3 },
  { arbitrary: fc.jsonValue({ maxDepth: 10 }), weight: 1 },
);
/** A payload, once it is known which version would be the next. */
type Payload = (next: number) => Uint8Array;
const written =
  (document: unknown): Payload =>
  () =>
    Buffer.from(JSON.stringify(document));
const documents = fc
  .record({
    config: configs,
    step: fc.integer({ min: -2, max: 8 }),
    // What else a document may hold, and what it may not.
    also: fc.oneof(
      { arbitrary: fc.constant({}), weight: 8 },
      { arbitrary: anyValue.map((version) => ({ version })), weight: 1 },
      { arbitrary: anyValue.map((signature) => ({ signature })), weight: 1 },
      { arbitrary: fc.constantFrom("flinch/config_desired/1", 3).map((schema) => ({ schema })), weight: 1 },
      { arbitrary: fc.dictionary(fc.string(), anyValue, { maxKeys: 2 }), weight: 1 },
    ),
  })
  .map(
    ({ step, config, also }): Payload =>
      (next) =>
        written({ version: Math.max(1, next + step), config, ...also })(next),
  );
const payloads: fc.Arbitrary<Payload> = fc.oneof(
  { arbitrary: documents, weight: 12 },
  // With a byte changed, or cut off.
  {
    arbitrary: fc.tuple(documents, fc.nat(), fc.nat(255)).map(
      ([document, at, byte]): Payload =>
        (next) => {
          const payload = document(next);
          payload[at % payload.length] = byte;
          return byte % 2 === 0 ? payload : payload.subarray(0, at % payload.length);
        },
    ),
    weight: 2,
  },
  {
    arbitrary: fc.uint8Array({ maxLength: 200 }).map(
      (bytes): Payload =>
        () =>
          bytes,
    ),
    weight: 1,
  },
  { arbitrary: fc.jsonValue().map(written), weight: 1 },
  { arbitrary: fc.constant((): Uint8Array => new Uint8Array()), weight: 1 },
);
const messages = fc.array(fc.tuple(fc.constantFrom("device" as const, "group/floor" as const), payloads), {
  minLength: 1,
  maxLength: 25,
});

/** What became of the documents. */
export interface Counts {
  documents: number;
  applied: number;
  refused: number;
}

/**
 * Sends documents of all kinds to shadows, at least so many: each is answered, what is refused changes nothing, and
 * no key that is not remote is ever changed.
 */
export async function fuzz(least: number): Promise<Counts> {
  const counts = { documents: 0, applied: 0, refused: 0 };
  let seed = 1;
  while (counts.documents < least) {
    await fc.assert(
      fc.asyncProperty(messages, async (sent) => {
        const { desiredConfig, pipe, send: _, reports } = await desiredConfigOf({ local });
        for (const [i, [scope, payloadFor]] of sent.entries()) {
          const payload = payloadFor(5 * i);
          const before = { reports: reports(), config: pipe.last ?? local };
          await desiredConfig.receive(scope, payload);
          const { desired, groups, restartRequired } = desiredConfig.report();
          const answer = scope === "device" ? desired : groups["floor"];
          const after = pipe.last ?? local;
          const changed = changedKeys(local, after);
          const problem = problemOf({
            schema: "flinch/config_reported/1",
            bootId: "boot",
            at: "2024-01-01T00:00:00.000Z",
            config: after,
            ...desiredConfig.report(),
          });
          counts.documents++;
          if (answer?.status === "applied") counts.applied++;
          if (answer?.status === "refused") counts.refused++;
          const fair =
            reports() > before.reports &&
            restartRequired.length === 0 &&
            problem === "" &&
            changed.every((path) => keysByPath.get(path)?.remote) &&
            (answer?.status !== "refused" || changedKeys(before.config, after).length === 0) &&
            (payload.length === 0 ? answer === null : answer !== null && answer !== undefined) &&
            answer?.status !== "pending";
          if (!fair) throw new Error(`${problem} ${JSON.stringify({ answer, changed })}`);
        }
        await desiredConfig.suspend();
      }),
      { numRuns: 20, seed: seed++ },
    );
  }
  return counts;
}
