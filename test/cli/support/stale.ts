import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Flinch } from "../../support/cli.js";

const dir = mkdtempSync(join(tmpdir(), "flinch-stale-"));
process.once("exit", () => rmSync(dir, { recursive: true, force: true }));
writeFileSync(
  join(dir, "stale.cjs"),
  `
    process.dlopen = () => {
      const reason = "The module was compiled against a different Node.js version using\\nNODE_MODULE_VERSION 108.";
      throw Object.assign(new Error(reason), { code: "ERR_DLOPEN_FAILED" });
    };
  `,
);

/** Runs `flinch` to its end where the native bindings are of another Node. */
export async function stale(...args: string[]): Promise<Flinch & { readonly status: number | string | null }> {
  const process = new Flinch(args, { NODE_OPTIONS: `--require ${join(dir, "stale.cjs")}` });
  return Object.assign(process, { status: await process.ended });
}
