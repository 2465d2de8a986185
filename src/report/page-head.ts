import type { About } from "./about.js";
import { type Html, html } from "./html.js";
import type { Inspected } from "./inspection.js";
import { rankOf } from "./movement.js";
import { percent, type Settings, seconds, words } from "./words.js";

/** Name of the video, what it was analysed with, and how many movements had which result. */
export function headOf(about: About, seen: Inspected): Html {
  return html`<header>
<p class="kicker">Flinch: why events were raised, and why not</p>
<h1><bdi>${about.video}</bdi></h1>
${noticesOf(about, seen)}
<dl class="facts">${factsOf(about, seen).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
<div class="wide"><dt>Model</dt><dd>${about.model.name} ${about.model.version} on ${about.provider}, SHA-256 <code>${about.model.sha256}</code></dd></div></dl>
<h2>Movements that were noticed</h2>
${countsOf(seen)}
<p>A micro-expression is a short movement of a face, and no proof of anything: not of a lie, and not of a feeling that somebody conceals. Most people who conceal something show none, and people who conceal nothing show them too. An event is a place in a recording worth looking at, not a finding about a person; where there is none, nothing was noticed, which does not mean that there was nothing.</p>
</header>`;
}

function noticesOf({ cut, thumbnails, truth }: About, { unlisted, facesLeftOut }: Inspected): Html[] {
  return [
    ...(cut === undefined ? [] : [html`<p class="notice">The analysis ended before the video: ${cut}</p>`]),
    ...(thumbnails
      ? [html`<p class="notice">This page holds pictures of a face. Keep it as you keep the video.</p>`]
      : []),
    ...(unlisted === 0
      ? []
      : [
          html`<p class="notice">${unlisted} weaker movements that the spotter turned down are counted, but not listed.</p>`,
        ]),
    ...(facesLeftOut === 0
      ? []
      : [html`<p class="notice">${facesLeftOut} more faces appear in the table, but are not drawn.</p>`]),
    ...(truth === undefined
      ? []
      : [
          html`<p class="notice truth-notice">Part of this video, or all of it, is simulated: what <bdi>${truth.file}</bdi> says of it is drawn in green as <em>truth</em>. Flinch has not seen it.</p>`,
        ]),
  ];
}

function factsOf({ settings }: About, { frames, faces, facesLeftOut }: Inspected): [name: string, value: string][] {
  const { spotting, recognition } = settings;
  const spanMs = frames.lastMs - frames.firstMs;
  const fps = frames.count > 1 && spanMs > 0 ? ((frames.count - 1) * 1000) / spanMs : undefined;
  return [
    ["Duration", seconds(spanMs + (fps === undefined ? 0 : 1000 / fps))],
    ["Frames", `${frames.count}`],
    ["Frames a second", fps === undefined ? "unknown" : fps.toFixed(2)],
    ["Faces", `${faces.length + facesLeftOut}`],
    ["spotting.method", spotting.method],
    ["spotting.minMs, maxMs", `${spotting.minMs}, ${spotting.maxMs} ms`],
    ...spotterFacts(settings),
    ["recognition.maxNone, minConfidence", `${percent(recognition.maxNone)}, ${percent(recognition.minConfidence)}`],
    ["recognition.report", recognition.report],
  ];
}

/** Of the settings those that the spotter in use looks at. */
function spotterFacts({ spotting, recognition }: Settings): [name: string, value: string][] {
  if (spotting.method === "learned") {
    const least: [string, string] =
      recognition.minEvidence === null
        ? ["spotting.sensitivity", spotting.sensitivity]
        : ["recognition.minEvidence", `${recognition.minEvidence}`];
    return [["spotting.minProbability", percent(spotting.minProbability)], least];
  }
  const gate = (isOn: boolean) => (isOn ? "on" : "off");
  return [
    ["spotting.threshold", `${spotting.threshold} × noise`],
    ["spotting.refractoryMs", `${spotting.refractoryMs} ms`],
    ["spotting.blinkGate, headMotionGate", `${gate(spotting.blinkGate)}, ${gate(spotting.headMotionGate)}`],
  ];
}

function countsOf({ counts }: Inspected): Html {
  const sorted = [...counts].sort(
    ([a, m], [b, n]) => rankOf({ verdict: b }) - rankOf({ verdict: a }) || n - m || a.localeCompare(b),
  );
  if (sorted.length === 0) return html`<p>None.</p>`;
  return html`<ul class="counts">${sorted.map(
    ([verdict, count]) =>
      html`<li class="rank-${rankOf({ verdict })}" data-count="${verdict}">${words(verdict)} ${count}</li>`,
  )}</ul>`;
}
