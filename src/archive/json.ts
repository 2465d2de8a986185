import type { Blocks, Recording } from "./recording.js";
import { tableOf } from "./tables.js";

/** Everything about a recording as one JSON document, a row a line; docs/exports.md describes it. */
export async function* recordingAsJson(recording: Recording): AsyncGenerator<string> {
  const { name, video, zero, session, coverage, summary, labels } = recording;
  const head = { schema: "flinch/export/1", name, video, zero, ...session, coverage, summary };
  yield JSON.stringify(head, undefined, 2).slice(0, -"\n}".length);
  yield* list("events", recording.events(), (event) => event);
  yield* list("movements", recording.movements(), (movement) => movement);
  if (labels) yield* list("labels", labels(), ({ seen: _, ...label }) => label);
  const signals = await tableOf(recording, "signals");
  if (signals) {
    const { columns, rows } = signals;
    yield `,\n  "signals": {\n    "columns": ${JSON.stringify(columns.map((column) => column.name))}`;
    yield* list("rows", rows(), (row) => columns.map(({ of }) => of(row)));
    yield "\n  }";
  }
  yield "\n}\n";
}

async function* list<T>(name: string, rows: Blocks<T>, as: (row: T) => unknown): AsyncGenerator<string> {
  yield `,\n  ${JSON.stringify(name)}: [`;
  let between = "\n    ";
  for await (const block of rows) {
    yield between + block.map((row) => JSON.stringify(as(row))).join(",\n    ");
    between = ",\n    ";
  }
  yield between === "\n    " ? "]" : "\n  ]";
}
