import type { FaceTick, FeedStats } from "../console/index.js";
import type { Info, MicroExpressionEvent, State } from "../contract/index.js";
import type { Movement } from "../pipeline/index.js";

export interface Welcome {
  readonly version: string;
  readonly regions: readonly string[];
  readonly threshold: number;
  readonly outline: readonly number[] | null;
  readonly state: State;
  readonly info: Info;
}

/** What the live view sends, by its name. */
export interface LiveMessages {
  readonly welcome: Welcome;
  readonly motion: { readonly faces: readonly FaceTick[] };
  readonly movement: { readonly atMs: number; readonly movement: Movement };
  readonly event: MicroExpressionEvent;
  readonly state: { readonly state: State; readonly feed: FeedStats };
}

export type LiveListener = {
  readonly [Kind in keyof LiveMessages]?: (message: LiveMessages[Kind]) => void;
} & { readonly onConnected?: (connected: boolean) => void };

const AGAIN_MS = 2000;

/** Follows the live view until the returned function is called; comes back by itself after a restart of the daemon. */
export function followLive(listener: LiveListener): () => void {
  let source: EventSource | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  const connect = () => {
    source = new EventSource("/api/live");
    source.onopen = () => listener.onConnected?.(true);
    source.onerror = () => {
      listener.onConnected?.(false);
      // A refusal closes it for good; whatever else it retries itself.
      if (source?.readyState === EventSource.CLOSED) again = setTimeout(connect, AGAIN_MS);
    };
    for (const kind of ["welcome", "motion", "movement", "event", "state"] as const)
      source.addEventListener(kind, ({ data }: MessageEvent<string>) => {
        (listener[kind] as ((message: unknown) => void) | undefined)?.(JSON.parse(data));
      });
  };
  connect();
  return () => {
    clearTimeout(again);
    source?.close();
  };
}
