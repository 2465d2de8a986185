import type { ReportData, ReportedMovement } from "../../report/index.js";
import { Scroll } from "../parts/scroll.js";
import { momentOf, saidOf, words } from "../words.js";
import { wholeMovement } from "./page-movements.js";

/** So many of the regions that moved are named, the strongest. */
const NAMED_REGIONS = 5;

/** Every movement that is kept, in order of time, each with a link to its review. */
export function MovementTable({ data }: { data: ReportData }) {
  return (
    <section id="movements" aria-labelledby="movements-title">
      <h2 id="movements-title">All of them</h2>
      <Scroll label="Movements">
        <table class="sessions movements">
          <thead>
            <tr>
              {["Apex", "Face", "Length", "Score", "Result", "Why", "Said", "Regions", "Meanwhile"].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.movements.map((reported) => (
              <Row key={reported.id} reported={reported} />
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

function Row({ reported }: { reported: ReportedMovement }) {
  const { id, rank, why, event } = reported;
  const { face, verdict, apexMs, onsetMs, offsetMs, score, regions, context, statement } = wholeMovement(reported);
  const named = regions
    .slice(0, NAMED_REGIONS)
    .map(({ name, displacement }) => `${words(name)} ${displacement.toFixed(1)}`);
  const more = regions.length - named.length;
  return (
    <tr id={`movement-${id}`}>
      <td class="number">
        <a href={`#/review/${id}`}>{momentOf(apexMs)}</a>
      </td>
      <td class="number">{face}</td>
      <td class="number">
        {onsetMs === undefined || offsetMs === undefined ? "unknown" : `${Math.round(offsetMs - onsetMs)} ms`}
      </td>
      <td class="number">{score.toFixed(2)}</td>
      <td class={`rank-${rank}`}>{words(verdict)}</td>
      <td class="why">{why}</td>
      <td>{event && saidOf(statement)}</td>
      <td>{[...named, ...(more > 0 ? [`${more} more`] : [])].join(", ")}</td>
      <td>{context.map(words).join(", ")}</td>
    </tr>
  );
}
