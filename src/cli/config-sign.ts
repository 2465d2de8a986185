import { readFileSync } from "node:fs";
import { type Config, loadConfig } from "../config/index.js";
import { Refusal, readEd25519, type Scope, signDocument, topicOfScope } from "../config/remote/index.js";
import { FlinchError, reasonOf } from "../lib/errors.js";
import type { CommandContext } from "./command.js";

/**
 * `flinch config sign`: a document of `config/desired` with its signature, ready to be published to the topic of the
 * configuration's device, or to that of a group.
 * @throws FlinchError CONFIG_INVALID for a document that every device would refuse
 */
export async function configSign({ line, env, output }: CommandContext): Promise<number> {
  const { config } = loadConfig({ line, env });
  const [file = ""] = line.positionals;
  const key = line.options.get("key");
  if (key === undefined) throw new FlinchError("USAGE", "config sign needs a key: --key PRIVATE.pem");
  output(sign(config, file, key, line.options.get("group")));
  return 0;
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
