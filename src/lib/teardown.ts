import { reasonOf } from "./errors.js";

type Step = () => Promise<unknown> | unknown;

/** Does every step, one after the other, whatever the others come to; returns what was thrown. */
export async function failuresOf(steps: Iterable<Step>): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (thrown) {
      failures.push(thrown);
    }
  }
  return failures;
}

/** Does every step, as `failuresOf`. @throws what one of them threw, or an AggregateError of what several did */
export async function doAll(steps: Iterable<Step>): Promise<void> {
  const failures = await failuresOf(steps);
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw new AggregateError(failures, failures.map(reasonOf).join("; "));
}

interface Closable {
  close(): Promise<void>;
}

/** All of these, or none: where one does not open, those that do are closed again. @throws what the first threw */
export async function openAll<T extends readonly Promise<Closable>[] | []>(
  opening: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  try {
    return await Promise.all(opening);
  } catch (thrown) {
    const settled = await Promise.allSettled(opening);
    await failuresOf(settled.map((one) => async () => one.status === "fulfilled" && (await one.value.close())));
    throw thrown;
  }
}
