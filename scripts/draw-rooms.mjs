/**
 * `npm run rooms`: draws which room of src/ imports from which, as Mermaid, into docs/architecture.md. An arrow that
 * others imply is left out: a room that reaches `lib` through another has no arrow of its own to it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { cruise } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import rules, { ROOMS } from "../.dependency-cruiser.mjs";

const PAGE = "docs/architecture.md";
const BLOCK = /(<!-- rooms -->\n)[\s\S]*?(<!-- \/rooms -->)/;

const roomOf = (path) => path.split("/")[1];

/** Which rooms a room imports from: room → rooms. */
async function arrowsOf() {
  const { output } = await cruise(["src"], { ...rules.options, includeOnly: "^src" }, undefined, {
    tsConfig: extractTSConfig("tsconfig.json"),
  });
  const arrows = new Map(ROOMS.flat().map((room) => [room, new Set()]));
  for (const { source, dependencies } of output.modules) {
    for (const { resolved } of dependencies) {
      if (roomOf(source) !== roomOf(resolved)) arrows.get(roomOf(source))?.add(roomOf(resolved));
    }
  }
  return arrows;
}

/** The arrows that no way over other rooms implies. */
export function reduced(arrows) {
  const reaches = (from, to) => [...(arrows.get(from) ?? [])].some((next) => next === to || reaches(next, to));
  return [...arrows].flatMap(([from, all]) =>
    [...all].filter((to) => ![...all].some((other) => other !== to && reaches(other, to))).map((to) => [from, to]),
  );
}

/** The page with its drawing made anew. */
export async function drawn(page) {
  const arrows = reduced(await arrowsOf());
  const lines = arrows.map(([from, to]) => `  ${from} --> ${to}`);
  return page.replace(BLOCK, `$1\`\`\`mermaid\nflowchart TD\n${lines.join("\n")}\n\`\`\`\n$2`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
  writeFileSync(PAGE, await drawn(readFileSync(PAGE, "utf8")));
}
