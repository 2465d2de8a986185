import { useState } from "preact/hooks";
import type { Agreement } from "../../../history/index.js";
import { api } from "../api.js";

/** How far reviewers agree; asked for when somebody wants to know. */
export function AgreementView() {
  const [agreement, setAgreement] = useState<Agreement>();
  const [problem, setProblem] = useState("");
  const load = () => {
    api.agreement().then(setAgreement, (thrown: Error) => setProblem(thrown.message));
  };
  return (
    <details class="agreement" onToggle={({ currentTarget }) => currentTarget.open && load()}>
      <summary>Agreement of reviewers</summary>
      {problem && <p role="alert">{problem}</p>}
      {agreement && <pre>{JSON.stringify(agreement, undefined, 2)}</pre>}
    </details>
  );
}
