import { FlinchError } from "../../../lib/errors.js";

/**
 * Loads a package that only the collector needs.
 * @throws FlinchError PACKAGE_MISSING where it is not installed
 */
export async function loadPackage<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (thrown) {
    const { code } = thrown as Partial<NodeJS.ErrnoException>;
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND" && code !== "ERR_DLOPEN_FAILED") throw thrown;
    const advice = `in Flinch's folder, run: npm install --no-save ${name}`;
    throw new FlinchError("PACKAGE_MISSING", `flinch collect needs the package ${name}, which is not here; ${advice}`, {
      cause: thrown,
    });
  }
}
