import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import t from "tap";
import { flinch } from "../support/cli.js";
import { openHistory } from "../support/history.js";
import { NotFetched } from "../support/npm-package.js";
import { PYTHON } from "../support/python.js";
import { pythonPackages, pythonSource } from "../support/python-packages.js";
import { keepSession } from "./support/kept-session.js";
import { resultsIn } from "./support/results.js";

t.setTimeout(600_000);

const run = promisify(execFile);

const VALIDATE = `
import sys
from lxml import etree
schema = etree.XMLSchema(etree.parse(sys.argv[1]))
for path in sys.argv[2:]:
    schema.validate(etree.parse(path))
    print("\\n".join(f"{path}: {error.message}" for error in schema.error_log))`;

/** A validator, and the schema of the format's makers, which the source of pympi (MIT) has for its own tests. */
async function judge(): Promise<readonly [string, string] | undefined> {
  try {
    const source = await pythonSource("pympi-ling", "1.71");
    return [await pythonPackages(["lxml==6.1.3"]), join(source, "test/EAFv3.0.xsd")];
  } catch (thrown) {
    if (!(thrown instanceof NotFetched)) throw thrown;
    t.fail("not tested", { skip: `not tested: ${thrown.message}` });
    return undefined;
  }
}

const judging = await judge();
if (judging !== undefined) {
  const [packages, schema] = judging;
  const faultsOf = async (...paths: readonly string[]) => {
    const env = { ...process.env, PYTHONPATH: packages };
    return (await run(PYTHON, ["-c", VALIDATE, schema, ...paths], { env })).stdout.trim();
  };

  t.test("documents follow the schema of ELAN's makers", async (t) => {
    const dir = t.testdir({ "none.eaf": "<ANNOTATION_DOCUMENT/>" });
    const history = openHistory(join(dir, "outbox"));
    const { session, blink } = keepSession(history);
    // XML has no place for half of a character, nor for U+FFFF.
    history.label({ movement: blink.id, reviewer: 'grace <a@b> & "c"', decision: "real", note: "\uffff ]]> <b>" });
    history.close();
    const folder = resultsIn(dir);
    const empty = resultsIn(dir, "empty", { events: [] });
    const where = [`--outbox.directory=${join(dir, "outbox")}`, "--out", join(dir, "out")];
    const { status, output } = await flinch("export", folder, empty, session.id, "--to", "eaf", ...where);
    t.equal(status, 0);
    t.equal(output.length, 3);
    t.equal(await faultsOf(...output), "");
    t.match(await faultsOf(join(dir, "none.eaf")), /AUTHOR/, "the schema finds what is wrong");
  });
}
