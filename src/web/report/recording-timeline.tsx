import { useEffect, useRef, useState } from "preact/hooks";
import type { FaceChart, ReportData } from "../../report/index.js";
import { GroupKeys } from "../parts/group-keys.js";
import { keepDrawn } from "../parts/keep-drawn.js";
import { go } from "../route.js";
import { momentOf } from "../words.js";
import { RecordingChart } from "./recording-chart.js";
import { panned, type View, within, zoomed } from "./view.js";

const STEP = 0.2;
const CLOSER = 0.5;

/** All faces over the whole recording, on one scale of time: to look around in, and to find a movement. */
export function RecordingTimeline({ data }: { data: ReportData }) {
  const { durationMs } = data;
  const whole: View = { fromMs: 0, toMs: durationMs };
  const [view, setView] = useState(() => within(whole, durationMs));
  const change = (made: View) => setView(within(made, durationMs));
  const moves: readonly (readonly [name: string, sign: string, keys: readonly string[], to: () => View])[] = [
    ["Earlier", "◀", ["ArrowLeft"], () => panned(view, -STEP, durationMs)],
    ["Later", "▶", ["ArrowRight"], () => panned(view, STEP, durationMs)],
    ["Closer", "+", ["+", "="], () => zoomed(view, CLOSER, durationMs)],
    ["Wider", "−", ["-"], () => zoomed(view, 1 / CLOSER, durationMs)],
    ["Whole recording", "whole", ["0"], () => whole],
  ];
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = moves.find(([, , keys]) => keys.includes(event.key));
    if (move === undefined) return;
    event.preventDefault();
    change(move[3]());
  };
  const wheel = (event: WheelEvent) => {
    // Without Ctrl the page scrolls.
    if (!event.ctrlKey) return;
    event.preventDefault();
    change(zoomed(view, event.deltaY > 0 ? 1.25 : 0.8, durationMs));
  };
  return (
    <section aria-labelledby="timeline-title">
      <h2 id="timeline-title">Timeline</h2>
      <p class="soft">
        The score is {data.signal}; from the dashed line on a movement is noticed. Drag over the chart to look closer,
        click on a sign to review its movement.
      </p>
      <div class="tools" role="toolbar" aria-label="Timeline" onKeyDown={press}>
        {moves.map(([name, sign, , to]) => (
          <button key={name} type="button" aria-label={name} title={name} onClick={() => change(to())}>
            {sign}
          </button>
        ))}
        <output>
          {momentOf(view.fromMs)} – {momentOf(view.toMs)}
        </output>
      </div>
      <p class="legend">
        <span class="key event">▼ event</span>
        <span class="key limit">◇ withheld by the model</span>
        <span class="key spotter">○ withheld by the spotter</span>
        {data.truth && <span class="key good">▬ truth of the simulation</span>}
        <GroupKeys regions={data.regions} />
      </p>
      {data.faces.map((chart) => (
        <FaceTimeline key={chart.face} data={data} chart={chart} view={view} onView={change} onWheel={wheel} />
      ))}
      {data.facesLeftOut > 0 && <p>{data.facesLeftOut} more faces are in the list, but not drawn.</p>}
    </section>
  );
}

interface FaceTimelineProps {
  readonly data: ReportData;
  readonly chart: FaceChart;
  readonly view: View;
  readonly onView: (view: View) => void;
  readonly onWheel: (event: WheelEvent) => void;
}

function FaceTimeline({ data, chart, view, onView, onWheel }: FaceTimelineProps) {
  const place = useRef<HTMLDivElement>(null);
  const made = useRef<RecordingChart | undefined>(undefined);
  const latest = useRef(onView);
  latest.current = onView;
  useEffect(() => {
    if (place.current === null) return;
    const drawn = new RecordingChart(place.current, {
      data,
      chart,
      onView: (next) => latest.current(next),
      onMovement: (id) => go("review", id),
    });
    made.current = drawn;
    return keepDrawn(place.current, drawn);
  }, [data, chart]);
  useEffect(() => made.current?.show(view), [view]);
  const count = data.movements.filter(({ movement }) => movement.face === chart.face).length;
  return (
    <figure class="timeline">
      <figcaption>
        <b>Face {chart.face}</b>
        <span class="soft">
          {momentOf(chart.fromMs)} – {momentOf(chart.toMs)}, {count} movements
        </span>
      </figcaption>
      <div ref={place} class="signal" aria-hidden="true" onWheel={onWheel} />
    </figure>
  );
}
