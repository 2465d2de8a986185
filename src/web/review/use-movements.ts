import { useMemo } from "preact/hooks";
import type { ReviewedMovement } from "../api.js";
import { useSource } from "./source.js";

/** Loads movements, each once until it is forgotten. */
export interface Loader {
  (id: string): Promise<ReviewedMovement>;
  forget(id: string): void;
}

/** More than anybody has in view. */
const MOST = 50;

/** A loader of movements as this reviewer may see them. */
export function useMovements(reviewer: string): Loader {
  const { api } = useSource();
  return useMemo(() => {
    const known = new Map<string, Promise<ReviewedMovement>>();
    const load = (id: string) => {
      let found = known.get(id);
      if (found === undefined) {
        found = api.movement(id, reviewer);
        known.set(id, found);
        // Signals come a little after their event: what has none yet is asked for again.
        found.then(
          ({ excerpt }) => excerpt === null && known.delete(id),
          () => known.delete(id),
        );
        for (const oldest of known.keys()) {
          if (known.size <= MOST) break;
          known.delete(oldest);
        }
      }
      return found;
    };
    return Object.assign(load, { forget: (id: string) => void known.delete(id) });
  }, [api, reviewer]);
}
