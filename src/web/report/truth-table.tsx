import type { ReportData } from "../../report/index.js";
import { Scroll } from "../parts/scroll.js";
import { momentOf, words } from "../words.js";

/** What a simulated face did, as its simulator wrote it down. */
export function TruthTable({ truth }: { truth: NonNullable<ReportData["truth"]> }) {
  return (
    <section id="truth" aria-labelledby="truth-title">
      <h2 id="truth-title">Truth of the simulated video</h2>
      <Scroll label="Truth">
        <table class="sessions">
          <thead>
            <tr>
              {["Onset", "Apex", "Offset", "What", "Emotion", "Action units"].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {truth.acts.map(({ kind, onsetMs, apexMs, offsetMs, emotion, actionUnits }) => (
              <tr key={`${kind} ${onsetMs}`}>
                {[onsetMs, apexMs, offsetMs].map((ms, i) => (
                  <td key={i} class="number">
                    {momentOf(ms)}
                  </td>
                ))}
                <td>{words(kind)}</td>
                <td>{emotion ?? ""}</td>
                <td>{(actionUnits ?? []).join(", ")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}
