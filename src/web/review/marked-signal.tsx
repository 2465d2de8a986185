import { useEffect, useRef, useState } from "preact/hooks";
import type { Excerpt } from "../../history/index.js";
import { keepDrawn } from "../parts/keep-drawn.js";
import { ExcerptChart } from "./excerpt-chart.js";

/** Onset, apex and offset, milliseconds of the stream. */
export interface Marks {
  readonly onsetMs: number;
  readonly apexMs: number;
  readonly offsetMs: number;
}

export const MARKS = ["onset", "apex", "offset"] as const;

type MarkName = (typeof MARKS)[number];

const STEP_MS = 10;
/** Shown on either side of a movement. */
const AROUND_MS = 1000;
/** A movement without a shape is taken to have begun so long before its apex. */
const SHORTEST_MS = 100;

/** Moves one mark, as far as the others leave room. */
export function moved(marks: Marks, name: MarkName, toMs: number, firstMs: number, lastMs: number): Marks {
  const at = Math.round(toMs);
  if (name === "onset") return { ...marks, onsetMs: Math.max(firstMs, Math.min(at, marks.apexMs)) };
  if (name === "offset") return { ...marks, offsetMs: Math.min(lastMs, Math.max(at, marks.apexMs)) };
  return { ...marks, apexMs: Math.max(marks.onsetMs, Math.min(at, marks.offsetMs)) };
}

interface MarkedSignalProps {
  readonly excerpt: Excerpt;
  readonly marks: Marks;
  readonly onMarks: (marks: Marks) => void;
  /** Show all that is stored, instead of a second around the movement. */
  readonly wide: boolean;
}

/** The signal of a movement, with its marks as handles: to drag, or to move with the arrow keys. */
export function MarkedSignal({ excerpt, marks, onMarks, wide }: MarkedSignalProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ExcerptChart | undefined>(undefined);
  const [, draw] = useState(0);
  const found = useRef(marks).current;
  const zeroMs = found.apexMs;
  useEffect(() => {
    if (place.current === null) return;
    const around = [zeroMs - found.onsetMs + AROUND_MS, found.offsetMs - zeroMs + AROUND_MS] as const;
    const all = [Infinity, Infinity] as const;
    const restMs = Math.min(found.onsetMs, zeroMs - SHORTEST_MS);
    const made = new ExcerptChart(place.current, excerpt, zeroMs, restMs, wide ? all : around, () =>
      draw((count) => count + 1),
    );
    chart.current = made;
    draw((count) => count + 1);
    const stop = keepDrawn(place.current, made);
    return () => {
      stop();
      chart.current = undefined;
    };
  }, [excerpt, zeroMs, found, wide]);

  const firstMs = Math.ceil(excerpt.timesMs[0] ?? 0);
  const lastMs = Math.floor(excerpt.timesMs.at(-1) ?? 0);
  const set = (name: MarkName, toMs: number) => onMarks(moved(marks, name, toMs, firstMs, lastMs));
  const drag = (name: MarkName) => (event: PointerEvent) => {
    if (event.buttons === 0 || place.current === null || chart.current === undefined) return;
    set(name, chart.current.timeAt(event.clientX - place.current.getBoundingClientRect().left));
  };
  const press = (name: MarkName) => (event: KeyboardEvent) => {
    const step = event.shiftKey ? 5 * STEP_MS : STEP_MS;
    const by = { ArrowLeft: -step, ArrowDown: -step, ArrowRight: step, ArrowUp: step }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    set(name, marks[`${name}Ms`] + by);
  };
  return (
    <div class="marked-signal">
      <div ref={place} class="signal" aria-hidden="true" />
      {chart.current &&
        MARKS.map((name) => {
          const ms = marks[`${name}Ms`];
          return (
            <div
              key={name}
              class={`handle ${name}`}
              style={{ left: `${chart.current?.leftOf(ms) ?? 0}px` }}
              role="slider"
              tabIndex={0}
              aria-label={name}
              aria-valuemin={firstMs}
              aria-valuemax={lastMs}
              aria-valuenow={ms}
              aria-valuetext={`${Math.round(ms - zeroMs)} milliseconds from the apex that was found`}
              onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
              onPointerMove={drag(name)}
              onKeyDown={press(name)}
            >
              <span>{name}</span>
            </div>
          );
        })}
    </div>
  );
}
