import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { reasonOf } from "../../errors.js";
import type { Check } from "./check.js";

/** Of the manifest, what is looked at here. */
interface Manifest {
  readonly models: Readonly<Record<string, { readonly file: string; readonly sha256: string }>>;
}

/** Whether every model of a manifest is there, and is the one that the manifest means. */
export function modelsCheck(manifestPath: string): Check {
  return {
    name: "models",
    run: async () => {
      let manifest: Manifest;
      try {
        manifest = JSON.parse(await readFile(manifestPath, "utf8")) as Manifest;
      } catch (error) {
        return { status: "fail", detail: `${manifestPath}: ${reasonOf(error)}`, advice: "install the models again" };
      }
      const entries = Object.entries(manifest.models ?? {});
      const wrong: string[] = [];
      for (const [name, { file, sha256 }] of entries) {
        const bytes = await readFile(join(dirname(manifestPath), file)).catch(() => undefined);
        if (bytes === undefined) wrong.push(`${name} (${file}) is missing`);
        else if (createHash("sha256").update(bytes).digest("hex") !== sha256)
          wrong.push(`${name} (${file}) was changed`);
      }
      if (wrong.length > 0) return { status: "fail", detail: wrong.join("; "), advice: "install the models again" };
      if (entries.length === 0) return { status: "fail", detail: `${manifestPath} lists no model` };
      return { status: "ok", detail: `${entries.length} models, as the manifest has them` };
    },
  };
}
