import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Parser } from "@asyncapi/parser";
import { Ajv2020 } from "ajv/dist/2020.js";
import t from "tap";
import { loadConfig } from "../../src/config/index.js";
import { deviceTopics, payloadSchemas } from "../../src/contract/topics.js";
import { discoveryTopicOf, topicOf } from "../../src/mqtt/topics.js";
import { addresses, at, isNode, type Node, promised, references, schemaFiles } from "../support/contract.js";
import { conforms } from "../support/schemas.js";

const schemaOf = (file: string): Node => JSON.parse(readFileSync(`docs/schemas/${file}`, "utf8"));

t.test("AsyncAPI's own parser finds nothing wrong with the document, and no reference leads nowhere", async (t) => {
  const parser = new Parser();
  const text = readFileSync("docs/asyncapi.yaml", "utf8");
  const source = "docs/asyncapi.yaml";
  const { document, diagnostics } = await parser.parse(text, { source });
  // 3.0 is what consumers' generators read; that a later one exists is no fault of the document.
  t.same(
    diagnostics.filter(({ code }) => code !== "asyncapi-latest-version").map(({ message }) => message),
    [],
  );
  t.equal(document?.version(), "3.0.0");
  t.same(
    document
      ?.channels()
      .all()
      .map((channel) => channel.address())
      .sort(),
    addresses.toSorted(),
  );
  const broken = await parser.parse(text.replace("address:", "adress:"), { source });
  t.equal(broken.document, undefined, "a misspelt key is found");
  for (const reference of new Set(references())) {
    if (reference.startsWith("#")) t.ok(at(reference), reference);
    else t.ok(existsSync(`docs/${reference}`), reference);
  }
});

t.test("every schema is one of 2020-12, and the document has a message for it", async (t) => {
  const named = references();
  for (const file of schemaFiles) {
    const schema = schemaOf(file);
    t.equal(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", file);
    t.ok(new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema), file);
    t.ok(named.includes(`./schemas/${file}`), file);
    t.match(schema, { title: /./, description: /^Payload of </ }, file);
  }
  const consts = schemaFiles.map((file) => {
    const { properties } = schemaOf(file) as {
      readonly properties?: { readonly schema?: { readonly const?: string } };
    };
    return properties?.schema?.const;
  });
  for (const schema of payloadSchemas) t.ok(consts.includes(schema), schema);
});

t.test("the examples conform to their schemas", async (t) => {
  for (const [name, message] of Object.entries(at("#/components/messages") as Node)) {
    const { payload, examples } = message as {
      payload: { $ref: string };
      examples: { name: string; payload: unknown }[];
    };
    t.ok(examples.length > 0, name);
    for (const example of examples) {
      t.equal(
        conforms(payload.$ref.replace(/^.*\/(.*)\.json$/, "$1"), example.payload),
        "",
        `${name}: ${example.name}`,
      );
    }
  }
});

t.test("every topic that the code names is in the document", async (t) => {
  const topics = deviceTopics.map((name) => topicOf("{prefix}", "{device}", name));
  for (const topic of topics) t.ok(addresses.includes(topic), topic);
  t.match(promised("flinch/d/availability"), { schema: "availability", qos: 1, retain: true });
  t.match(promised("flinch/d/event/micro_expression"), { retain: false, messageExpiryInterval: undefined });
  t.match(promised(discoveryTopicOf("homeassistant", "d")), { schema: "home_assistant_device", retain: true });
  t.match(promised("flinch/d/response/no_such_request"), { schema: "response", retain: false });
  t.throws(() => promised("flinch/d/event/unheard/of"));
});

t.test("a request has an answer on the topic of the same name", async (t) => {
  const operations = Object.entries(at("#/operations") as Node) as [string, Node][];
  const requests = operations.filter(([, { reply }]) => isNode(reply));
  t.equal(requests.length, addresses.filter((address) => address.includes("/request/")).length);
  for (const [name, { channel, reply }] of requests) {
    const addressOf = (node: unknown) => (at(String((node as Node)["$ref"])) as Node)["address"];
    const { channel: answers } = reply as { readonly channel: unknown };
    t.equal(addressOf(answers), String(addressOf(channel)).replace("/request/", "/response/"), name);
  }
});

t.test("docs/mqtt.md has a section for every topic, and its examples conform", async (t) => {
  const sections = readFileSync("docs/mqtt.md", "utf8").split(/^### /m).slice(1);
  const titles = sections.map((section) => section.split("\n", 1)[0] ?? "");
  for (const address of addresses) {
    const name = address
      .replace(/^\{prefix\}\/(\{device\}|_groups\/\{group\})\//, "")
      .replace(/^(request|response)\/.*/, "$1/<name>");
    // Home Assistant's is no topic of the device's own, and has a chapter.
    if (!name.startsWith("{discoveryPrefix}"))
      t.ok(
        titles.some((title) => title.includes(`\`${name}\``)),
        name,
      );
  }
  for (const section of sections) {
    const topic = /^`([^`<]+)`/.exec(section)?.[1];
    const [chapter = ""] = section.split(/^## /m);
    for (const [, example = ""] of chapter.matchAll(/^```json\n([\s\S]*?)^```/gm)) {
      const payload = JSON.parse(example.replaceAll("c5b6…", "c5".repeat(32)));
      t.equal(conforms(promised(`flinch/interview-1/${topic}`).schema, payload), "", `${topic}`);
    }
  }
  const [, config = ""] =
    /^## The device's end\n+```json\n([\s\S]*?)^```/m.exec(readFileSync("docs/mqtt.md", "utf8")) ?? [];
  const { config: loaded } = loadConfig({ files: [join(t.testdir({ "flinch.json": config }), "flinch.json")] });
  t.match(loaded.mqtt, { username: "interview-1", passwordFile: /^\$CREDENTIALS_DIRECTORY/ });
});
