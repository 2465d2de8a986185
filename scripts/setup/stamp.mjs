/** Remembers what a step was last done for, so that it is not done again for the same. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Hash of the files' contents, and of anything else that the step depends on. */
export function hashOf(files, ...others) {
  const hash = createHash("sha256").update(JSON.stringify(others));
  for (const file of files) hash.update(`\n${file}\n`).update(readFileSync(file));
  return hash.digest("hex");
}

/** Every file below a folder, by name in a fixed order. */
export function filesBelow(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort();
}

export class Stamp {
  constructor(file) {
    this.file = file;
  }

  matches(wanted) {
    try {
      return readFileSync(this.file, "utf8") === wanted;
    } catch {
      return false;
    }
  }

  write(value) {
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(this.file, value);
  }
}
