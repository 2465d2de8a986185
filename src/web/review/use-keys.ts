import { useEffect, useRef } from "preact/hooks";
import type { Decision } from "../../history/index.js";
import { DECISIONS } from "./movement-view.js";

interface Keys {
  readonly decide: (decision: Decision, note: string) => void;
  readonly step: (by: number) => void;
  readonly undo: () => void;
}

/** What is typed while no field has the focus decides, undoes and moves on. */
export function useKeys(keys: Keys): void {
  // Whoever presses a key means what is drawn, even before effects have run.
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const { decide, step, undo } = latest.current;
      const { target } = event;
      if (target instanceof HTMLElement && target.matches("input, textarea, select")) {
        if (event.key === "Escape") target.blur();
        return;
      }
      const field = document.getElementById("note") as HTMLTextAreaElement | null;
      const decision = DECISIONS.find(([, , key]) => key === event.key.toUpperCase())?.[0];
      if (decision) decide(decision, field?.value ?? "");
      else if (event.key === "j" || event.key === "ArrowRight") step(1);
      else if (event.key === "k" || event.key === "ArrowLeft") step(-1);
      else if (event.key === "z") undo();
      else if (event.key === "n") field?.focus();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}
