/**
 * Opens every graph that a release ships, with the release's own loader and ONNX Runtime, and prints what each says of
 * made-up input: { versions, graphs: { KEY: { OUTPUT: [VALUE…] } } }.
 *
 *   node run-graphs.mjs RELEASE
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const release = process.argv[2];
const load = (file) => import(join(release, "dist/runtime", file));
const { Graph, CPU_ONLY } = await load("graph.js");
const { openBenchGraph } = await load("bench-graph.js");
const { loadManifest, readModel } = await load("manifest.js");
const { Tensor } = await load("onnxruntime.js");

/** The same on every machine and in every run: below 1, and of bytes below 251. */
function madeUp({ type, shape }) {
  const length = shape.reduce((product, side) => product * side, 1);
  return type === "uint8"
    ? new Tensor(
        "uint8",
        Uint8Array.from({ length }, (_, i) => (Math.imul(i, 2654435761) >>> 8) % 251),
        shape,
      )
    : new Tensor(
        "float32",
        Float32Array.from({ length }, (_, i) => ((i * 7) % 13) / 13),
        shape,
      );
}

async function outputsOf(graph) {
  const feeds = Object.fromEntries(graph.model.entry.inputs.map((input) => [input.name, madeUp(input)]));
  const outputs = await graph.run(feeds);
  await graph.close();
  return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, Array.from(data, Number)]));
}

const manifest = loadManifest();
const graphs = {};
for (const key of Object.keys(manifest.models)) {
  graphs[key] = await outputsOf(await Graph.open(readModel(manifest, key), CPU_ONLY));
}
for (const name of ["frame-difference", "lbp", "mdmd", "sgemm"])
  graphs[name] = await outputsOf(await openBenchGraph(name));
const versions = ["onnxruntime-node", "onnxruntime-common"].map(
  (name) => JSON.parse(readFileSync(join(release, "node_modules", name, "package.json"), "utf8")).version,
);
process.stdout.write(JSON.stringify({ versions, graphs }));
