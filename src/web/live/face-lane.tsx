import { useEffect, useRef, useState } from "preact/hooks";
import type { LiveMessages, Welcome } from "../live-connection.js";
import { keepDrawn } from "../parts/keep-drawn.js";
import { Lane } from "./lane.js";
import { OutlineDrawing } from "./outline-drawing.js";

/** What a lane is fed by: every lane hears everything and takes what is of its face. */
export interface LaneFeed {
  motion?: (message: LiveMessages["motion"]) => void;
  movement?: (message: LiveMessages["movement"]) => void;
}

interface FaceLaneProps {
  readonly face: number;
  readonly welcome: Welcome;
  readonly feeds: Set<LaneFeed>;
}

/** One face's lane. */
export function FaceLane({ face, welcome, feeds }: FaceLaneProps) {
  const place = useRef<HTMLDivElement>(null);
  const [outline, setOutline] = useState<readonly number[]>();
  useEffect(() => {
    if (place.current === null) return;
    const lane = new Lane(place.current, welcome.regions, welcome.threshold);
    const feed: LaneFeed = {
      motion: ({ faces }) => {
        const own = faces.find((tick) => tick.face === face);
        if (own === undefined) return;
        lane.push(own);
        if (own.outline) setOutline(own.outline);
      },
      movement: ({ atMs, movement }) => {
        if (movement.face === face) lane.mark(atMs, movement.verdict === "event");
      },
    };
    const stop = keepDrawn(place.current, lane);
    feeds.add(feed);
    return () => {
      feeds.delete(feed);
      stop();
    };
  }, [face, welcome, feeds]);
  return (
    <section class="card lane" aria-label={`Face ${face}`}>
      <h2>Face {face}</h2>
      <div class="lane-row">
        <div ref={place} class="lane-charts" />
        {welcome.outline && outline && <OutlineDrawing points={outline} lengths={welcome.outline} />}
      </div>
    </section>
  );
}
