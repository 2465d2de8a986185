/** What a session can be taken away as. */
const FILES = [
  ["events.csv", "Events, a table for R, SPSS or a spreadsheet"],
  ["movements.csv", "All that was noticed"],
  ["labels.csv", "Labels of all reviewers"],
  ["columns.csv", "What the columns mean, with units"],
  ["events.parquet", "Events, for DuckDB, pandas or R"],
  ["signals.parquet", "Signals around every movement, at full rate"],
  ["session.eaf", "An ELAN document"],
  ["session.srt", "Subtitles"],
  ["session.json", "Everything, as JSON"],
] as const;

/** Links to a session's files. */
export function Exports({ id }: { id: string }) {
  return (
    <details class="exports">
      <summary>Export</summary>
      <ul>
        {FILES.map(([name, what]) => (
          <li key={name}>
            <a href={`/api/sessions/${id}/files/${name}`} download={name}>
              {name}
            </a>{" "}
            <span class="soft">{what}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
