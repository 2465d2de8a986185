import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";

t.test("ONNX Runtime is loaded in one place, which tells it to send nothing", async (t) => {
  const loads = /^import (?!type).*"onnxruntime-node"|(?:require|import|\(import\.meta\.url\))\("onnxruntime-node"\)/m;
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  t.ok(files.length > 100);
  const loading = files.filter((file) => loads.test(readFileSync(join("src", file), "utf8")));
  t.same(loading, ["runtime/onnxruntime.ts"]);
  await import("../../src/runtime/onnxruntime.js");
  t.equal(process.env["ORT_DISABLE_TELEMETRY"], "1");
});
