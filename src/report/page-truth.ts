import type { About } from "./about.js";
import { type Html, html } from "./html.js";
import { seconds, words } from "./words.js";

/** What a simulated face did, as its simulator wrote it down; nothing where that was not asked for. */
export function truthTableOf({ truth }: About): Html | readonly Html[] {
  if (truth === undefined) return [];
  const acts = [...truth.acts].sort((a, b) => a.onsetMs - b.onsetMs);
  return html`<section id="truth"><h2>Truth of the simulated video</h2>
<div class="scroll"><table>
<thead><tr><th>Onset</th><th>Apex</th><th>Offset</th><th>What</th><th>Emotion</th><th>Action units</th></tr></thead>
<tbody>
${acts.map(
  ({ kind, onsetMs, apexMs, offsetMs, emotion, actionUnits }) =>
    html`<tr><td class="number">${seconds(onsetMs)}</td><td class="number">${seconds(apexMs)}</td><td class="number">${seconds(offsetMs)}</td><td>${words(kind)}</td><td>${emotion ?? ""}</td><td>${(actionUnits ?? []).join(", ")}</td></tr>
`,
)}</tbody></table></div></section>`;
}
