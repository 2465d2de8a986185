import { createHash } from "node:crypto";
import { leastScore } from "../spotting/index.js";
import type { About } from "./about.js";
import { chartDataOf } from "./chart-data.js";
import { Html, html, jsonInScript } from "./html.js";
import type { Inspected } from "./inspection.js";
import { headOf } from "./page-head.js";
import { pageScript } from "./page-script.js";
import { pageStyle } from "./page-style.js";
import { tableOf } from "./page-table.js";
import { truthTableOf } from "./page-truth.js";
import { type Settings, seconds, signalOf } from "./words.js";

/** One self-contained HTML page about a video: it loads nothing, and a browser is told to let it load nothing. */
export function pageOf(about: About, seen: Inspected): string {
  const data = chartDataOf(seen, about.regions, leastScore(about.settings.spotting), about.truth?.acts);
  const script = pageScript();
  return `${html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(script, about.thumbnails)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${about.video} – Flinch</title>
<style>${new Html(pageStyle)}</style>
</head>
<body>
<main>
${headOf(about, seen)}
${tools(about.settings)}
${seen.faces.map(
  ({ face, fromMs, toMs }) => html`<section id="face-${face}"><h2>Face ${face}</h2>
<p class="kicker">seen from ${seconds(fromMs)} to ${seconds(toMs)}</p>
<div class="chart" data-chart="${face}"></div></section>
`,
)}
${tableOf(about, seen)}
${truthTableOf(about)}
</main>
<script type="application/json" id="chart-data">${jsonInScript(data)}</script>
<script>${new Html(script)}</script>
</body>
</html>
`}`;
}

function policyOf(script: string, thumbnails: boolean): string {
  const hash = createHash("sha256").update(script).digest("base64");
  const images = thumbnails ? "; img-src data:" : "";
  return `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'${images}`;
}

const tools = (settings: Settings): Html => html`<h2>Timeline</h2>
<p>The line is the motion signal, on a scale of roots: ${signalOf(settings)}. A peak above the threshold is a movement that was noticed; the strip below tells by its colour which group was strongest. Signs: ▼ raised an event, ◇ was held back by the model, ○ was turned down by the spotter. Drag to move; the wheel zooms once the chart has been clicked, and at any time with Ctrl; arrow keys, + and −, Home, End and 0 do the same.</p>
<noscript><p class="notice">The chart needs JavaScript; the table below does not.</p></noscript>
<div class="tools" role="toolbar" aria-label="Timeline">
<button type="button" data-move="left" aria-label="Earlier">◀</button>
<button type="button" data-move="right" aria-label="Later">▶</button>
<button type="button" data-move="closer" aria-label="Zoom in">+</button>
<button type="button" data-move="wider" aria-label="Zoom out">−</button>
<button type="button" data-move="whole">whole video</button>
<output id="shown"></output>
<span id="pointed"></span>
</div>`;
