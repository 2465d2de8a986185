import { useState } from "preact/hooks";
import { type Ending, endings, exportFile } from "../../archive/in-page.js";
import type { ReportData } from "../../report/index.js";
import { FILE_KINDS } from "../parts/file-kinds.js";
import { plural } from "../words.js";
import type { PageLabels } from "./page-labels.js";
import { pageRecording } from "./page-recording.js";

interface PageExportsProps {
  readonly data: ReportData;
  readonly labels: PageLabels;
}

/** The recording's files, made in the browser, and labels from somebody else's copy of the page. */
export function PageExports({ data, labels }: PageExportsProps) {
  const [message, setMessage] = useState("");
  const save = (ending: Ending) => async () => {
    try {
      await download(data, labels, ending);
      setMessage("");
    } catch (thrown) {
      setMessage(`Not saved: ${(thrown as Error).message}`);
    }
  };
  const take = async (input: HTMLInputElement) => {
    const [file] = input.files ?? [];
    if (file === undefined) return;
    try {
      setMessage(`${plural(labels.merge(await file.text()), "new label")} from ${file.name}.`);
    } catch (thrown) {
      setMessage(`${file.name}: ${(thrown as Error).message}`);
    }
    input.value = "";
  };
  return (
    <details class="exports">
      <summary>Export</summary>
      <p class="soft">
        Labels stay in this browser, on this computer. Save labels.csv or the JSON to keep them, and to give them to
        others.
      </p>
      <ul>
        {endings.map((ending) => (
          <li key={ending}>
            <button type="button" onClick={() => void save(ending)()}>
              {ending}
            </button>{" "}
            <span class="soft">{FILE_KINDS[ending]}</span>
          </li>
        ))}
      </ul>
      <label>
        Add another reviewer’s labels, from the JSON that they saved
        <input type="file" accept=".json,application/json" onChange={({ currentTarget }) => void take(currentTarget)} />
      </label>
      <p role="status">{message}</p>
    </details>
  );
}

async function download(data: ReportData, labels: PageLabels, ending: Ending): Promise<void> {
  const recording = await pageRecording(data, labels);
  const { type, content } = exportFile(recording, ending);
  const parts: BlobPart[] = [];
  for await (const part of content) parts.push(typeof part === "string" ? part : new Uint8Array(part));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type }));
  link.download = `${recording.name}.${ending}`;
  link.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
