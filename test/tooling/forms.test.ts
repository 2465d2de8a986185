import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { test } from "tap";
import { parse } from "yaml";

const folder = fileURLToPath(new URL("../../.github/ISSUE_TEMPLATE", import.meta.url));
const forms = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name) && name !== "config.yml");

const words = { type: "string", minLength: 1 };
/** What GitHub's documentation demands of a form; without one of these it shows none. */
const isForm = new Ajv({ allErrors: true, strictRequired: false }).compile({
  type: "object",
  required: ["name", "description", "body"],
  properties: {
    name: words,
    description: words,
    title: words,
    body: {
      type: "array",
      minItems: 1,
      contains: { type: "object", properties: { type: { not: { const: "markdown" } } } },
      items: {
        type: "object",
        required: ["type", "attributes"],
        properties: {
          type: { enum: ["markdown", "input", "textarea", "dropdown", "checkboxes"] },
          id: { type: "string", pattern: "^[A-Za-z0-9_-]+$" },
          attributes: { type: "object" },
        },
        if: { properties: { type: { const: "markdown" } } },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: { properties: { attributes: { required: ["value"], properties: { value: words } } } },
        else: { required: ["id"], properties: { attributes: { required: ["label"], properties: { label: words } } } },
        allOf: [
          {
            if: { properties: { type: { enum: ["dropdown", "checkboxes"] } } },
            // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
            then: {
              properties: {
                attributes: {
                  required: ["options"],
                  properties: { options: { type: "array", minItems: 1, uniqueItems: true } },
                },
              },
            },
          },
        ],
      },
    },
  },
  additionalProperties: false,
});

interface Form {
  readonly body: readonly { readonly id?: string; readonly attributes: Readonly<Record<string, string>> }[];
}

/** What is wrong with a form, one line each; nothing where GitHub would show it. */
function faults(text: string): string[] {
  const form: unknown = parse(text);
  if (!isForm(form)) return (isForm.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
  const { body } = form as Form;
  const ids = body.flatMap(({ id }) => id ?? []);
  return ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `two elements have the id ${id}`);
}

const whole = `
name: Bug
description: Something is wrong
body:
  - type: input
    id: version
    attributes:
      label: Version
`;

test("every issue form has what GitHub demands", async (t) => {
  t.same(forms.sort(), ["bug.yml", "idea.yml", "wrong-result.yml"]);
  for (const name of forms) t.same(faults(readFileSync(join(folder, name), "utf8")), [], name);
});

test("a form that lacks a part, or has an id twice, is found", async (t) => {
  t.same(faults(whole), []);
  for (const key of ["name", "description"]) {
    t.match(faults(whole.replace(new RegExp(`^${key}:.*\n`, "m"), "")).join(), `required property '${key}'`);
  }
  t.match(faults(whole.slice(0, whole.indexOf("body:"))).join(), "required property 'body'");
  t.match(faults(whole.replace("    id: version\n", "")).join(), "required property 'id'");
  t.match(faults(whole + whole.slice(whole.indexOf("  - type"))).join(), "two elements have the id version");
  t.throws(() => faults(`${whole}name: Bug again\n`), "a key twice is no YAML");
});

test("the form about a person forbids pictures before anything is written", async (t) => {
  const { body } = parse(readFileSync(join(folder, "wrong-result.yml"), "utf8")) as Form;
  t.match(body[0]?.attributes["value"], /^# NO PICTURE AND NO VIDEO OF A PERSON/);
});
