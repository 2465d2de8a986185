import type { AnyKey } from "./key.js";
import { environmentName, keysByPath } from "./paths.js";
import { keys } from "./schema/index.js";

const introduction = `# Configuration

Made from the schema in \`src/config/schema\`; do not edit.

Values come from these sources, later ones overriding earlier ones: the default below; each JSON file given with
\`--config FILE\`, in order; the environment variable; the argument \`--<key>=VALUE\`. Unknown keys, variables that begin
with \`FLINCH_\` but match no key, and invalid values are refused by name. \`flinch config print\` shows what is in force,
\`flinch config check\` only whether it is valid, and \`flinch config schema\` writes the JSON Schema for an editor.

"Remote" marks keys that may be set over MQTT, which overrides all of these ([remote
configuration](remote-configuration.md)); no secret, path, purpose or model is among them. The word after it says when a
new value takes effect: "live", at once; "pipeline", with a new run of the pipeline, which starts automatically;
"process", at the next start of the process. Keys without a mark are read when the process starts.
`;

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function row([path, key]: readonly [string, AnyKey]): string {
  const unit = key.unit === "" ? "" : ` ${key.unit}`;
  const fallback = key.defaultText ?? `\`${JSON.stringify(key.default)}\`${unit}`;
  const marks = key.remote ? `remote, ${key.effect}` : "";
  return `| \`${path}\` | ${cell(key.doc)} | ${cell(key.allowed)} | ${fallback} | \`${environmentName(path)}\` | ${marks} |`;
}

/** The reference page of the configuration, docs/configuration.md. */
export function renderConfigDocs(): string {
  const pages = Object.keys(keys).map((section) => {
    const entries = [...keysByPath].filter(([path]) => path.startsWith(`${section}.`));
    return [
      `## ${section}`,
      "",
      "| key | what it does | allowed | default | environment variable | |",
      "|---|---|---|---|---|---|",
      ...entries.map(row),
      "",
    ].join("\n");
  });
  return [introduction, ...pages].join("\n");
}
