import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { api, type ReviewApi } from "../api.js";
import { dayOf, timeOf } from "../words.js";

/** Where movements come from, and how their times are told. */
export interface Source {
  readonly api: ReviewApi;
  /** Whether movements are of many sessions. */
  readonly sessions: boolean;
  /** "14:02:31" or, of a recording, "2:31.040". */
  readonly timeOf: (atMs: number) => string;
  /** Missing where there is no wall clock. */
  readonly dayOf?: (atMs: number) => string;
}

const console: Source = { api, sessions: true, timeOf, dayOf };

export const SourceContext = createContext(console);

export const useSource = (): Source => useContext(SourceContext);
