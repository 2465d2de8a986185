import { readFileSync } from "node:fs";

/** The modules of `page/`, each after those that it imports. */
const MODULES = [
  "view",
  "curve",
  "scale",
  "dom",
  "gestures",
  "details",
  "marks",
  "truth",
  "traces",
  "signal",
  "chart",
  "main",
];

/**
 * The page's script as one text, because a page from `file://` can import nothing: the modules in one scope, in which
 * their names must differ.
 */
export function pageScript(): string {
  return `"use strict";\n(() => {\n${MODULES.map(moduleText).join("\n")}\n})();\n`;
}

function moduleText(name: string): string {
  return readFileSync(new URL(`./page/${name}.js`, import.meta.url), "utf8")
    .replaceAll(/^import [^;]*;\n/gm, "")
    .replaceAll(/^export /gm, "")
    .replaceAll(/^\/\/# sourceMappingURL=.*$/gm, "")
    .trim();
}
