import { readFileSync } from "node:fs";
import t from "tap";
import { python } from "../support/python.js";

/**
 * The options of the plugin mqtt_consumer and of the parser json_v2 that Telegraf 1.34 documents
 * (plugins/inputs/mqtt_consumer/README.md, plugins/parsers/json_v2/README.md), and those that every input has
 * (docs/CONFIGURATION.md), as far as they may be of use here.
 */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  input: [
    ..."servers topics topic_tag qos connection_timeout keepalive ping_timeout max_undelivered_messages".split(" "),
    ..."persistent_session client_id username password tls_ca tls_cert tls_key insecure_skip_verify".split(" "),
    ..."client_trace data_format topic_parsing json_v2 alias interval name_override tags".split(" "),
  ],
  topic_parsing: ["topic", "measurement", "tags", "fields", "types"],
  json_v2: [
    ..."measurement_name measurement_name_path timestamp_path timestamp_format timestamp_timezone".split(" "),
    ..."tag field object".split(" "),
  ],
  tag: ["path", "rename", "optional"],
  field: ["path", "rename", "type", "optional"],
};

/** Telegraf's types, by those of JSON Schema. */
const TYPES: Readonly<Record<string, string>> = { integer: "int", number: "float", string: "string", boolean: "bool" };

interface Item {
  readonly path: string;
  readonly rename?: string;
  readonly type?: string;
  readonly optional?: boolean;
}
interface Parser {
  readonly timestamp_path: string;
  readonly tag?: readonly Item[];
  readonly field?: readonly Item[];
}
interface Input {
  readonly name_override: string;
  readonly topics: readonly string[];
  readonly qos: number;
  readonly data_format: string;
  readonly topic_parsing: readonly { readonly topic: string; readonly tags: string }[];
  readonly json_v2: readonly Parser[];
}
interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

const toml = "import json, sys, tomllib; print(json.dumps(tomllib.load(open(sys.argv[1], 'rb'))))";
const configuration = JSON.parse(await python(toml, "deploy/telegraf/telegraf.conf")) as {
  readonly inputs: { readonly mqtt_consumer: readonly Input[] };
};
const inputs = configuration.inputs.mqtt_consumer;
const schemaOf = (topic: string) =>
  JSON.parse(readFileSync(`docs/schemas/${topic.split("/").at(-1)}.json`, "utf8")) as Schema;

/** What a payload's schema says of a path, and whether every payload has something there. */
function at(schema: Schema, path: string): { readonly found: Schema | undefined; readonly always: boolean } {
  let [found, always]: [Schema | undefined, boolean] = [schema, true];
  for (const name of path.split(".")) {
    always &&= found?.required?.includes(name) === true;
    found = found?.properties?.[name];
    always &&= ![found?.type ?? []].flat().includes("null") && found?.enum?.includes(null) !== true;
  }
  return { found, always };
}

t.test("it has options that the plugin and the parser document, and no other", async (t) => {
  const known = (kind: string, table: object) => {
    for (const name of Object.keys(table)) t.ok(OPTIONS[kind]?.includes(name), `${kind}: ${name}`);
  };
  t.equal(inputs.length, 2);
  for (const input of inputs) {
    known("input", input);
    t.match(input, { qos: 1, data_format: "json_v2" });
    for (const topic of input.topic_parsing) known("topic_parsing", topic);
    for (const parser of input.json_v2) {
      known("json_v2", parser);
      for (const tag of parser.tag ?? []) known("tag", tag);
      for (const field of parser.field ?? []) known("field", field);
    }
  }
});

t.test("every topic is a device's, and its tags are parts of it", async (t) => {
  for (const { topics, topic_parsing } of inputs)
    for (const { topic, tags } of topic_parsing) {
      t.ok(topics.includes(topic), topic);
      const [name = ""] = /(?<=^flinch\/\+\/).*/.exec(topic) ?? [];
      t.ok(readFileSync("docs/mqtt.md", "utf8").includes(`\n| \`${name}\` | from the device |`), name);
      t.same(
        tags.split("/"),
        topic.split("/").map((part) => (part === "+" ? "device" : "_")),
      );
    }
});

t.test("every path is one of the payload's, of that type, and optional if it may be missing", async (t) => {
  for (const { topics, json_v2 } of inputs) {
    const schema = schemaOf(topics[0] ?? "");
    for (const { timestamp_path, tag = [], field = [] } of json_v2) {
      t.ok(at(schema, timestamp_path).always, timestamp_path);
      for (const { path, optional = false } of [...tag, ...field]) {
        const { found, always } = at(schema, path);
        t.ok(found, `${topics}: ${path}`);
        t.equal(!optional, always, `${path} is ${always ? "always" : "not always"} there`);
      }
      for (const { path, type = "" } of field) {
        const types = [at(schema, path).found?.type ?? []].flat().map((name) => TYPES[name]);
        t.ok(types.includes(type), `${path}: ${type} of ${types}`);
      }
      const names = [...tag, ...field].map(({ path, rename = path }) => rename);
      t.equal(new Set(names).size, names.length, "no two of one name");
    }
  }
});
