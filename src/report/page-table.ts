import type { About } from "./about.js";
import { type Html, html } from "./html.js";
import type { Inspected } from "./inspection.js";
import { type ListedMovement, rankOf } from "./movement.js";
import { saidOf, seconds, whyOf, words } from "./words.js";

/** So many of the regions that moved are named, the strongest. */
const NAMED_REGIONS = 5;

/** Every movement that is kept, in order of time, each with a link to its place in the chart. */
export function tableOf(about: About, { movements, faces }: Inspected): Html {
  const drawn = new Set(faces.map(({ face }) => face));
  return html`<section id="movements"><h2>All of them</h2>
<div class="scroll"><table>
<thead><tr><th>No.</th><th>Apex</th><th>Face</th><th>Onset – offset</th><th>Score</th><th>Result</th><th>Why</th><th>What may be said (${about.settings.recognition.report})</th><th>Regions, ‰ of the eye distance</th><th>Meanwhile</th>${about.thumbnails ? html`<th>Pictures</th>` : []}</tr></thead>
<tbody>
${movements.map((movement, i) => rowOf(movement, i + 1, about, drawn.has(movement.face)))}</tbody></table></div></section>`;
}

function rowOf(movement: ListedMovement, row: number, about: About, isDrawn: boolean): Html {
  const { face, verdict, apexMs, score, id } = movement;
  const apex = seconds(apexMs);
  const place = isDrawn ? html`<a class="place" href="#face-${face}" data-row="${row}">${apex}</a>` : apex;
  return html`<tr id="movement-${row}"><td class="number">${row}</td><td class="number">${place}</td><td class="number">${face}</td><td class="number">${spanOf(movement)}</td><td class="number">${score.toFixed(2)}</td><td><span class="verdict rank-${rankOf(movement)}">${words(verdict)}</span></td><td class="why">${whyOf(movement, about.settings)}</td><td>${saidOf(movement)}${id === undefined ? "" : html`<code>${id}</code>`}</td><td>${regionsOf(movement)}</td><td>${contextOf(movement)}</td>${about.thumbnails ? html`<td>${picturesOf(movement)}</td>` : []}</tr>
`;
}

function spanOf({ onsetMs, offsetMs }: ListedMovement): string {
  if (onsetMs === undefined || offsetMs === undefined) return "unknown";
  return `${(onsetMs / 1000).toFixed(3)}–${seconds(offsetMs)}, ${Math.round(offsetMs - onsetMs)} ms`;
}

/** What the face did beside the movement. */
const contextOf = ({ context }: ListedMovement): string => context.map(words).join(", ");

function regionsOf({ regions }: ListedMovement): string {
  const named = regions
    .slice(0, NAMED_REGIONS)
    .map(({ name, displacement }) => `${words(name)} ${displacement.toFixed(1)}`);
  const more = regions.length - named.length;
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(", ");
}

function picturesOf({ thumbnails }: ListedMovement): Html | string {
  if (thumbnails === undefined) return "";
  const picture = (uri: string, name: string) =>
    html`<figure><img src="${uri}" alt="The face at its ${name}"><figcaption>${name}</figcaption></figure>`;
  return html`<div class="pictures">${[picture(thumbnails.onset, "onset"), picture(thumbnails.apex, "apex")]}</div>`;
}
