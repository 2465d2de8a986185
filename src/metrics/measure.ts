import { Counter, Gauge, type Registry } from "prom-client";
import type { State } from "../contract/index.js";

/** What a scrape says of one metric; null, where the device does not know, leaves it out. */
type Value = number | boolean | null;
type Values = Readonly<Record<string, Value>>;

interface Named {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge";
}

interface Single extends Named {
  readonly read: (state: State) => Value;
}

interface Labelled extends Named {
  readonly label: string;
  /** By the label's value. */
  readonly readAll: (state: State) => Values;
}

/** A metric that is read from `state` whenever somebody scrapes. */
export type Measure = Single | Labelled;

/** What may go down as well as up. */
export const gauge = (name: string, help: string, read: Single["read"]): Measure => ({
  name: `flinch_${name}`,
  help,
  type: "gauge",
  read,
});

/** What only grows, until the pipeline or the process begins anew; its name ends in `_total`. */
export const counter = (name: string, help: string, read: Single["read"]): Measure => ({
  name: `flinch_${name}`,
  help,
  type: "counter",
  read,
});

export const gauges = (name: string, help: string, label: string, readAll: Labelled["readAll"]): Measure => ({
  name: `flinch_${name}`,
  help,
  type: "gauge",
  label,
  readAll,
});

export const counters = (name: string, help: string, label: string, readAll: Labelled["readAll"]): Measure => ({
  name: `flinch_${name}`,
  help,
  type: "counter",
  label,
  readAll,
});

/** One series for every value that something may have: 1 for those that hold now, 0 for the others. */
export function oneOf<T extends string>(
  name: string,
  help: string,
  label: string,
  values: readonly T[],
  holds: (state: State) => T | readonly T[],
): Measure {
  const readAll = (state: State) => {
    const now = [holds(state)].flat();
    return Object.fromEntries(values.map((value) => [value, now.some((each) => each === value)]));
  };
  return gauges(name, help, label, readAll);
}

/** Every one of these values, 0 where nothing was counted: Prometheus sees no growth in a series that only begins. */
export function zeroed(values: readonly string[], counted: Readonly<Record<string, number>>): Values {
  return { ...Object.fromEntries(values.map((value) => [value, 0])), ...counted };
}

/** Registers a metric that asks `state` when it is collected. */
export function register(measure: Measure, registry: Registry, state: () => State): void {
  const { name, help, type } = measure;
  const labelNames = "read" in measure ? [] : [measure.label];
  const settings = { name, help, labelNames, registers: [registry] };
  /** Leaves no series behind; a reset alone leaves a 0 where there is no label. */
  const clear = (metric: Counter | Gauge) => {
    metric.reset();
    if (labelNames.length === 0) metric.remove();
  };
  if (type === "counter") {
    new Counter({
      ...settings,
      collect() {
        clear(this);
        for (const { labels, value } of samplesOf(measure, state())) this.inc(labels, value);
      },
    });
  } else {
    new Gauge({
      ...settings,
      collect() {
        clear(this);
        for (const { labels, value } of samplesOf(measure, state())) this.set(labels, value);
      },
    });
  }
}

function samplesOf(measure: Measure, state: State): { labels: Record<string, string>; value: number }[] {
  const found =
    "read" in measure
      ? [{ labels: {}, value: measure.read(state) }]
      : Object.entries(measure.readAll(state)).map(([at, value]) => ({ labels: { [measure.label]: at }, value }));
  return found.flatMap(({ labels, value }) => (value === null ? [] : [{ labels, value: Number(value) }]));
}
