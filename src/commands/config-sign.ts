import { readFileSync } from "node:fs";
import { type Config, loadConfig } from "../config/index.js";
import { FlinchError, reasonOf } from "../errors.js";
import { Refusal, readEd25519, type Scope, signDocument, topicOfScope } from "../remote/index.js";

const USAGE =
  "usage: flinch config sign DOCUMENT.json --key PRIVATE.pem [--group NAME] [--config FILE] [--KEY=VALUE …]";

/**
 * `flinch config sign`: a document of `config/desired` with its signature, ready to be published to the topic of the
 * configuration's device, or to that of a group.
 * @throws FlinchError CONFIG_INVALID for a document that every device would refuse
 */
export function signedDocument(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): string {
  const { config, positionals, options } = loadConfig({ argv, env, options: ["key", "group"] });
  const [file] = positionals;
  const key = options.get("key");
  if (file === undefined || key === undefined || positionals.length > 1) throw new FlinchError("USAGE", USAGE);
  return sign(config, file, key, options.get("group"));
}

function sign(config: Config, file: string, keyFile: string, group: string | undefined): string {
  const scope: Scope = group === undefined ? "device" : `group/${group}`;
  const key = readEd25519("private", "--key", keyFile);
  let payload: Buffer;
  try {
    payload = readFileSync(file);
  } catch (thrown) {
    throw new FlinchError("CONFIG_UNREADABLE", `${file} cannot be read (${reasonOf(thrown)})`);
  }
  try {
    return JSON.stringify(signDocument(payload, topicOfScope(config, scope), key));
  } catch (thrown) {
    if (thrown instanceof Refusal) throw new FlinchError("CONFIG_INVALID", `${file}: ${thrown.message}`);
    throw thrown;
  }
}
