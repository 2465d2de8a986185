import { execFileSync } from "node:child_process";
import { cpSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import t from "tap";

t.test("requests are checked where there are no documents, as in the container", async (t) => {
  const dir = t.testdir();
  for (const room of ["contract", "lib", "mqtt"])
    cpSync(join("dist", room), join(dir, "dist", room), { recursive: true });
  cpSync("package.json", join(dir, "package.json"));
  symlinkSync(resolve("node_modules"), join(dir, "node_modules"));
  const script = `
    const { RequestSchemas } = await import("./dist/mqtt/requests/schemas.js");
    const schemas = new RequestSchemas();
    schemas.check("restart", { scope: "pipeline" });
    try { schemas.check("restart", { scope: "board" }) } catch ({ code }) { console.log(code) }`;
  const said = execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: dir, encoding: "utf8" });
  t.equal(said, "REQUEST_INVALID\n");
});
