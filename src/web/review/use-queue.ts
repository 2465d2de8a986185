import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { ListedMovement } from "../api.js";
import { useSource } from "./source.js";

const PAGE = 200;

export type Kind = "raised" | "withheld" | "all";

export interface QueueFilter {
  readonly session: string;
  readonly kind: Kind;
  readonly reviewer: string;
}

/** The movements that a filter leaves, loaded page by page. */
export function useQueue({ session, kind, reviewer }: QueueFilter) {
  const { api } = useSource();
  const [movements, setMovements] = useState<readonly ListedMovement[]>([]);
  const [problem, setProblem] = useState("");
  const [loaded, setLoaded] = useState(false);
  const busy = useRef(false);
  const ended = useRef(false);

  const load = useCallback(
    async (before: ListedMovement | undefined) => {
      if (busy.current) return;
      busy.current = true;
      try {
        const found = await api.movements({
          reviewer,
          limit: PAGE,
          ...(session !== "" && { session }),
          ...(kind !== "all" && { raised: kind === "raised" }),
          ...(before && { before: before.atMs, beforeId: before.id }),
        });
        ended.current = found.movements.length < PAGE;
        setMovements((known) => (before ? [...known, ...found.movements] : found.movements));
        setProblem("");
      } catch (thrown) {
        setProblem((thrown as Error).message);
      } finally {
        busy.current = false;
        setLoaded(true);
      }
    },
    [api, session, kind, reviewer],
  );

  useEffect(() => void load(undefined), [load]);

  const more = useCallback(() => {
    if (!ended.current && movements.length > 0) void load(movements.at(-1));
  }, [load, movements]);

  /** Shows a decision at once where it stands in the list. */
  const decided = useCallback((id: string, decision: ListedMovement["decision"]) => {
    setMovements((known) => known.map((each) => (each.id === id ? { ...each, decision } : each)));
  }, []);

  return { movements, problem, loaded, more, decided, reload: () => load(undefined) };
}
