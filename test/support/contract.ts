import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";

export type Node = { readonly [name: string]: unknown };

/** docs/asyncapi.yaml as it stands. */
export const contract = parse(readFileSync("docs/asyncapi.yaml", "utf8")) as Node;

/** Of payloads; what Flinch writes into files is described in docs/schemas/files. */
export const schemaFiles = readdirSync("docs/schemas")
  .filter((name) => name.endsWith(".json"))
  .sort();

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What stands at a place of the document, any references on the way followed; throws where one leads nowhere. */
export function at(pointer: string): unknown {
  let found: unknown = contract;
  for (const name of pointer.replace(/^#\//, "").split("/")) {
    if (isNode(found) && typeof found["$ref"] === "string") found = at(found["$ref"]);
    if (!isNode(found) || found[name] === undefined) throw new Error(`${pointer} leads nowhere, at ${name}`);
    found = found[name];
  }
  return isNode(found) && typeof found["$ref"] === "string" && found["$ref"].startsWith("#")
    ? at(found["$ref"])
    : found;
}

/** Every `$ref` of the document. */
export function references(node: unknown = contract): string[] {
  if (Array.isArray(node)) return node.flatMap(references);
  if (!isNode(node)) return [];
  return [...(typeof node["$ref"] === "string" ? [node["$ref"]] : []), ...Object.values(node).flatMap(references)];
}

/** What is promised of a topic. */
export interface Promised {
  /** Name of the payload's schema in docs/schemas. */
  readonly schema: string;
  readonly qos: number;
  readonly retain: boolean;
  readonly messageExpiryInterval: number | undefined;
}

const names = (node: string) => Object.keys(at(node) as Node);

const channels = names("#/channels").map((name) => {
  const address = String(at(`#/channels/${name}/address`));
  const [message] = names(`#/channels/${name}/messages`);
  const payload = at(`#/channels/${name}/messages/${message}/payload`) as Node;
  return {
    name,
    address,
    schema: String(payload["$ref"]).replace(/^.*\/(.*)\.json$/, "$1"),
    pattern: new RegExp(`^${address.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
  };
});

/** The full names of the topics of a device with the usual prefixes. */
export const addresses = channels.map(({ address }) => address);

/** What the document promises of a topic; throws where it knows none such, or promises nothing of sending there. */
export function promised(topic: string): Promised {
  const channel = channels.find(({ pattern }) => pattern.test(topic));
  if (channel === undefined) throw new Error(`docs/asyncapi.yaml has no channel for ${topic}`);
  const operation = names("#/operations")
    .map((name) => at(`#/operations/${name}`) as Node)
    .find((each) => (each["channel"] as Node)["$ref"] === `#/channels/${channel.name}`);
  if (operation === undefined) throw new Error(`docs/asyncapi.yaml has no operation on ${topic}`);
  const [trait] = operation["traits"] as readonly Node[];
  const { mqtt } = (at(String(trait?.["$ref"])) as { readonly bindings: { readonly mqtt: Omit<Promised, "schema"> } })
    .bindings;
  const { qos, retain, messageExpiryInterval } = mqtt;
  return { schema: channel.schema, qos, retain, messageExpiryInterval };
}
