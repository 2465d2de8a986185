import { FlinchError } from "../../lib/errors.js";
import type { Config } from "../index.js";
import { overlay } from "../overlay.js";
import { settingsOfPatches } from "./patch.js";
import { Refusal } from "./refusal.js";
import type { Documents, Scope } from "./store.js";

/** Every document that a device takes, the later over the earlier: its groups' in their order, then its own. */
export function scopesOf({ device }: Config): Scope[] {
  return [...device.groups.map((group): Scope => `group/${group}`), "device"];
}

/** Of a configuration, what its topics are named after. */
export interface Named {
  readonly mqtt: Pick<Config["mqtt"], "topicPrefix">;
  readonly device: Pick<Config["device"], "id">;
}

/** The topic of a document. */
export function topicOfScope({ mqtt, device }: Named, scope: Scope): string {
  const whose = scope === "device" ? device.id : `_groups/${scope.slice("group/".length)}`;
  return `${mqtt.topicPrefix}/${whose}/config/desired`;
}

/**
 * The configuration that local values and these documents make together.
 * @throws Refusal where it is not valid as a whole
 */
export function configUnder(local: Config, documents: Documents): Config {
  const patches = scopesOf(local).flatMap((scope) => {
    const document = documents[scope];
    return document === undefined ? [] : [document.config];
  });
  const settings = settingsOfPatches(patches);
  if (settings.length === 0) return local;
  try {
    return overlay(local, settings);
  } catch (thrown) {
    if (thrown instanceof FlinchError) throw new Refusal(thrown.message);
    throw thrown;
  }
}
