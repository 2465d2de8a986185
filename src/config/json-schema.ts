import { isKey, type Json, type Tree } from "./key.js";
import { keys } from "./schema/index.js";

function sectionSchema(tree: Tree): { readonly [name: string]: Json } {
  const properties = Object.entries(tree).map(([name, node]): [string, Json] => {
    if (!isKey(node)) return [name, sectionSchema(node)];
    const unit = node.unit === "" ? "" : ` (${node.unit})`;
    const description = `${node.doc}${unit} Must be ${node.allowed}.`;
    return [
      name,
      { description, ...node.json, ...(node.defaultText === undefined && { default: node.default as Json }) },
    ];
  });
  return { type: "object", additionalProperties: false, properties: Object.fromEntries(properties) };
}

/** The JSON Schema (2020-12) of a configuration file. Every key is optional. */
export function configJsonSchema(): { readonly [name: string]: Json } {
  const { properties, ...rest } = sectionSchema(keys);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Flinch configuration",
    ...rest,
    properties: { $schema: { type: "string" }, ...(properties as { readonly [name: string]: Json }) },
  };
}
