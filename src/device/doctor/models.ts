import type { Check, CheckResult } from "../../lib/check.js";
import { reasonOf } from "../../lib/errors.js";
import { loadManifest, type Manifest, readModel } from "../../runtime/index.js";

const failed = (detail: string): CheckResult => ({ status: "fail", detail, advice: "install the models again" });

/** Whether every model of a manifest is there, and is the one that it means; an empty path is the shipped manifest. */
export function modelsCheck(manifestPath: string): Check {
  return {
    name: "models",
    run: async () => {
      let manifest: Manifest;
      try {
        manifest = loadManifest(manifestPath);
      } catch (thrown) {
        return failed(reasonOf(thrown));
      }
      const keys = Object.keys(manifest.models);
      if (keys.length === 0) return failed(`${manifest.path} lists no model`);
      const problems = keys.map((key) => problemOf(manifest, key)).filter((problem) => problem !== undefined);
      if (problems.length > 0) return failed(problems.join("; "));
      return { status: "ok", detail: `${keys.length} models, as the manifest has them` };
    },
  };
}

/** What is wrong with a model's file, in one line. */
function problemOf(manifest: Manifest, key: string): string | undefined {
  try {
    readModel(manifest, key);
    return undefined;
  } catch (thrown) {
    return reasonOf(thrown);
  }
}
