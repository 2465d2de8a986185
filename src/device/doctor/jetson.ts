import { readFile } from "node:fs/promises";
import { L4T_RELEASE_FILE } from "../../capture/index.js";
import type { Check } from "../../lib/check.js";
import { outputOf } from "../../lib/run-command.js";
import { tensorrtVersion } from "../../runtime/engines/index.js";

export interface L4tRelease {
  readonly major: number;
  readonly revision: string;
}

/** The release that `/etc/nv_tegra_release` names, for example "# R36 (release), REVISION: 4.3, …" is 36 and "4.3". */
export function parseL4tRelease(text: string): L4tRelease | undefined {
  const found = /R(\d+)\s+\(release\),\s*REVISION:\s*([\d.]+)/.exec(text);
  return found ? { major: Number(found[1]), revision: found[2] ?? "" } : undefined;
}

/** The JetPack that an L4T release belongs to; undefined for one that is not known here. */
export function jetpackOf(l4tMajor: number): number | undefined {
  if (l4tMajor === 35) return 5;
  if (l4tMajor === 36) return 6;
  return l4tMajor >= 38 && l4tMajor <= 39 ? 7 : undefined;
}

export function jetsonCheck(
  release: () => Promise<string> = () => readFile(L4T_RELEASE_FILE, "utf8"),
  run: typeof outputOf = outputOf,
): Check {
  return {
    name: "jetson",
    run: async () => {
      const text = await release().catch(() => undefined);
      if (text === undefined) return { status: "ok", detail: "not a Jetson" };
      const l4t = parseL4tRelease(text);
      if (l4t === undefined)
        return { status: "warn", detail: `a Jetson of unknown release: ${text.slice(0, 60).trim()}` };
      const jetpack = jetpackOf(l4t.major);
      const tensorrt = tensorrtVersion(
        // biome-ignore lint/suspicious/noTemplateCurlyInString: these are dpkg-query's fields.
        (await run("dpkg-query", ["-W", "-f", "${Package} ${Version}\\n", "libnvinfer*"])) ?? "",
      );
      const detail =
        `JetPack ${jetpack ?? "unknown"} (L4T ${l4t.major}.${l4t.revision}), ` +
        (tensorrt === undefined ? "TensorRT is not installed" : `TensorRT ${tensorrt}`);
      if (jetpack === undefined)
        return { status: "warn", detail, advice: "tried with JetPack 5, 6 and 7 in mind only" };
      if (tensorrt === undefined)
        return { status: "warn", detail, advice: "install it: apt-get install nvidia-jetpack" };
      return { status: "ok", detail };
    },
  };
}
