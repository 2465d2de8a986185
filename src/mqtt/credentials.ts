import { readFileSync } from "node:fs";
import { FlinchError, reasonOf } from "../lib/errors.js";

export type Environment = Readonly<Record<string, string | undefined>>;

const directory = "$CREDENTIALS_DIRECTORY";

/** Where a path leads that may begin with the directory of systemd's credentials, whose place systemd alone knows. */
function pathOf(key: string, path: string, env: Environment): string {
  if (!path.startsWith(`${directory}/`)) return path;
  const place = env["CREDENTIALS_DIRECTORY"];
  if (place === undefined || place === "") {
    throw new FlinchError(
      "MQTT_CONFIG",
      `${key}: ${path} is a credential of systemd, and there are none here; give the unit LoadCredential=, or ${key} a path`,
    );
  }
  return `${place}${path.slice(directory.length)}`;
}

/**
 * Reads a file that a key of the configuration names.
 * @throws FlinchError MQTT_CONFIG where it cannot be read, or is systemd's to give and was not given
 */
export function readConfigured(key: string, path: string, env: Environment): Buffer {
  try {
    return readFileSync(pathOf(key, path, env));
  } catch (thrown) {
    if (thrown instanceof FlinchError) throw thrown;
    throw new FlinchError("MQTT_CONFIG", `${key}: ${path} cannot be read (${reasonOf(thrown)})`, { cause: thrown });
  }
}
