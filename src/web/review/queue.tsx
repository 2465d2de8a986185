import { useEffect, useRef } from "preact/hooks";
import type { ListedMovement } from "../api.js";
import { titleOf } from "../words.js";
import { useSource } from "./source.js";

const DECISION: Readonly<Record<string, readonly [sign: string, word: string]>> = {
  real: ["✓", "real"],
  not_real: ["✕", "not real"],
  unsure: ["?", "unsure"],
};

interface QueueProps {
  readonly movements: readonly ListedMovement[];
  readonly chosen: string | undefined;
  readonly onEnd: () => void;
}

/** The movements to be reviewed, newest first; more come when the end is reached. */
export function Queue({ movements, chosen, onEnd }: QueueProps) {
  const { timeOf, dayOf } = useSource();
  const end = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (end.current === null) return;
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && onEnd(), { rootMargin: "600px" });
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [onEnd]);
  useEffect(() => {
    document.querySelector(".queue [aria-current]")?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return (
    <ol class="queue" aria-label="Movements">
      {movements.map(({ id, atMs, movement, raised, decision }) => {
        const [sign, word] = DECISION[decision ?? ""] ?? ["", "no label"];
        return (
          <li key={id} class={raised ? "raised" : "withheld"}>
            <a href={`#/review/${id}`} aria-current={id === chosen ? "true" : undefined}>
              <span class="sign" aria-hidden="true">
                {raised ? "▼" : "○"}
              </span>
              <time dateTime={dayOf && new Date(atMs).toISOString()} title={dayOf?.(atMs)}>
                {timeOf(atMs)}
              </time>
              <span class="what">{titleOf(movement)}</span>
              <span class={`decision ${decision ?? ""}`} title={word}>
                {sign}
                <span class="unseen">{word}</span>
              </span>
            </a>
          </li>
        );
      })}
      <li ref={end} aria-hidden="true" class="end" />
    </ol>
  );
}
