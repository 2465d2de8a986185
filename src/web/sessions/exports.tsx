import { FILE_KINDS } from "../parts/file-kinds.js";

/** Links to a session's files. */
export function Exports({ id }: { id: string }) {
  return (
    <details class="exports">
      <summary>Export</summary>
      <ul>
        {Object.entries(FILE_KINDS).map(([ending, what]) => {
          const name = ending.includes(".") ? ending : `session.${ending}`;
          return (
            <li key={name}>
              <a href={`/api/sessions/${id}/files/${name}`} download={name}>
                {name}
              </a>{" "}
              <span class="soft">{what}</span>
            </li>
          );
        })}
      </ul>
    </details>
  );
}
