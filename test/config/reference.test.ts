import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import t from "tap";
import { loadConfig, printConfig, printConfigSchema, renderConfigDocs } from "../../src/config/index.js";

t.test("docs/configuration.md says what the schema says", async (t) => {
  const problem = "make it anew: flinch config docs > docs/configuration.md";
  t.equal(readFileSync("docs/configuration.md", "utf8"), renderConfigDocs(), problem);
});

t.test("the JSON Schema accepts what the loader accepts, and refuses unknown keys", async (t) => {
  const validate = new Ajv2020({ strict: true }).compile(JSON.parse(printConfigSchema()));
  t.ok(validate(JSON.parse(printConfig(loadConfig({})))), JSON.stringify(validate.errors));
  t.ok(validate(JSON.parse(readFileSync("config/example.json", "utf8"))));
  t.notOk(validate({ source: { fsp: 3 } }));
  t.notOk(validate({ source: { fps: "30" } }));
  t.notOk(validate({ recognition: { providers: [] } }));
});
