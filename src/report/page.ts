import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { About } from "./about.js";
import { Html, html, jsonInScript } from "./html.js";
import type { Inspected } from "./inspection.js";
import { reportDataOf } from "./report-data.js";

/** Where scripts/build-web.mjs puts what runs in the page. */
const BUNDLE = new URL("../../dist/web/", import.meta.url);

/** One self-contained HTML page about a video: it loads nothing, and a browser is told to let it load nothing. */
export function pageOf(about: About, seen: Inspected): string {
  const [script = "", style = ""] = ["report.js", "report.css"].map((name) =>
    readFileSync(new URL(name, BUNDLE), "utf8"),
  );
  return `${html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(script, style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${about.summary.video} – Flinch</title>
<style>${new Html(style)}</style>
</head>
<body>
<noscript>This page needs JavaScript. It loads nothing from anywhere.</noscript>
<script type="application/json" id="report-data">${jsonInScript(reportDataOf(about, seen))}</script>
<script>${new Html(script)}</script>
</body>
</html>
`}`;
}

/** Pictures stand in the page itself. */
function policyOf(script: string, style: string): string {
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; img-src data:`;
}
