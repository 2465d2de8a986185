import { useState } from "preact/hooks";
import type { Agreement } from "../../history/index.js";
import { Scroll } from "../parts/scroll.js";
import { percent } from "../words.js";
import { useSource } from "./source.js";

type Estimate = Agreement["alpha"];

const share = (raw: number | null): string => (raw === null ? "–" : percent(raw));

/** "0.74 (0.51 to 0.88)" */
function estimate({ value, interval }: Estimate): string {
  if (value === null) return "cannot be told";
  const range = interval === null ? "" : ` (${interval[0].toFixed(2)} to ${interval[1].toFixed(2)})`;
  return value.toFixed(2) + range;
}

/** How far reviewers agree, asked for when somebody wants to know; it names nobody's single labels. */
export function AgreementView({ session }: { session: string }) {
  const { api } = useSource();
  const [agreement, setAgreement] = useState<Agreement>();
  const [problem, setProblem] = useState("");
  const load = () => {
    setProblem("");
    api
      .agreement(session === "" || session === "none" ? undefined : session)
      .then(setAgreement, (thrown: Error) => setProblem(thrown.message));
  };
  return (
    <details class="agreement" onToggle={({ currentTarget }) => currentTarget.open && load()}>
      <summary>Agreement of reviewers</summary>
      {problem && <p role="alert">{problem}</p>}
      {agreement && agreement.reviewers.length < 2 && <p class="soft">It takes two reviewers at least.</p>}
      {agreement && agreement.reviewers.length >= 2 && (
        <>
          <p>
            Krippendorff’s alpha {estimate(agreement.alpha)}, over {agreement.alpha.units} movements that two or more
            have labelled; {share(agreement.raw)} of pairs of labels are the same.
          </p>
          <Scroll label="Agreement">
            <table class="sessions">
              <thead>
                <tr>
                  <th scope="col">Reviewers</th>
                  <th scope="col">Cohen’s kappa (95 %)</th>
                  <th scope="col">The same</th>
                  <th scope="col">Movements</th>
                  <th scope="col">Marks apart (onset, apex, offset)</th>
                </tr>
              </thead>
              <tbody>
                {agreement.pairs.map(({ reviewers, kappa, raw, marks }) => (
                  <tr key={reviewers.join(" ")}>
                    <th scope="row">{reviewers.join(", ")}</th>
                    <td>{estimate(kappa)}</td>
                    <td>{share(raw)}</td>
                    <td>{kappa.units}</td>
                    <td>
                      {Object.values(marks)
                        .map(({ medianMs }) => (medianMs === null ? "–" : `${Math.round(medianMs)} ms`))
                        .join(", ")}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        </>
      )}
    </details>
  );
}
