import { isObject, type JsonObject } from "../../lib/json-payload.js";

/**
 * A document's configuration with changes over it. Unlike a merge patch, null stays: in a document it takes back what a
 * group's has set.
 */
export function over(kept: JsonObject, changes: JsonObject): JsonObject {
  const changed = Object.entries(changes).map(([name, value]) => {
    const before = Object.hasOwn(kept, name) ? kept[name] : undefined;
    return [name, isObject(before) && isObject(value) ? over(before, value) : value];
  });
  return { ...kept, ...Object.fromEntries(changed) };
}
