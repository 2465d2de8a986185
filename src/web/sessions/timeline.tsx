import type { CoverageSpan } from "../../history/index.js";
import type { ListedMovement } from "../api.js";
import { lengthOf, percent, timeOf, titleOf, words } from "../words.js";

const WIDTH = 1000;
const HEIGHT = 84;
const COVER_TOP = 44;
const COVER_HEIGHT = 22;

interface TimelineProps {
  readonly fromMs: number;
  readonly toMs: number;
  readonly coverage: readonly CoverageSpan[];
  readonly movements: readonly ListedMovement[];
}

/** A session from its beginning to its end: events above, how much of a face could be judged below. */
export function Timeline({ fromMs, toMs, coverage, movements }: TimelineProps) {
  const lengthMs = Math.max(1, toMs - fromMs);
  const x = (ms: number) => (WIDTH * (ms - fromMs)) / lengthMs;
  const raised = movements.filter((movement) => movement.raised);
  return (
    <figure class="timeline" aria-label={summaryOf(raised.length, coverage)}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none">
        <title>Timeline</title>
        <rect class="uncovered" x="0" y={COVER_TOP} width={WIDTH} height={COVER_HEIGHT} />
        {coverage.map((span) => {
          const share = span.judgedMs / Math.max(1, span.toMs - span.fromMs);
          const height = COVER_HEIGHT * Math.min(1, share);
          return (
            <rect
              key={span.fromMs}
              class="covered"
              x={x(span.fromMs)}
              y={COVER_TOP + COVER_HEIGHT - height}
              width={Math.max(0.5, x(span.toMs) - x(span.fromMs))}
              height={height}
            >
              <title>{`${timeOf(span.fromMs)}: ${percent(share)} judged${gapsOf(span)}`}</title>
            </rect>
          );
        })}
        {raised.map(({ id, atMs, movement, decision }) => (
          <a key={id} href={`#/review/${id}`} class={decision ?? "no-label"}>
            <title>{`${timeOf(atMs)}: ${titleOf(movement)}`}</title>
            <line x1={x(atMs)} x2={x(atMs)} y1="8" y2="38" />
          </a>
        ))}
      </svg>
      <figcaption>
        <span>{timeOf(fromMs)}</span>
        <span class="soft">lines: events; bar: how much of the time a face could be judged</span>
        <span>{timeOf(toMs)}</span>
      </figcaption>
    </figure>
  );
}

const gapsOf = ({ gaps }: CoverageSpan): string => {
  const named = Object.entries(gaps).filter(([, ms]) => ms > 0);
  return named.length === 0
    ? ""
    : `; not judged: ${named.map(([reason, ms]) => `${words(reason)} ${lengthOf(ms / 1000)}`).join(", ")}`;
};

function summaryOf(events: number, coverage: readonly CoverageSpan[]): string {
  const judgedMs = coverage.reduce((sum, span) => sum + span.judgedMs, 0);
  return `${events} events; a face could be judged for ${lengthOf(judgedMs / 1000)}`;
}

/** Why a face could not be judged, and for how long, over all of a session. */
export function Gaps({ coverage }: { coverage: readonly CoverageSpan[] }) {
  const sum = new Map<string, number>();
  for (const { gaps } of coverage)
    for (const [reason, ms] of Object.entries(gaps)) sum.set(reason, (sum.get(reason) ?? 0) + ms);
  const rows = [...sum].filter(([, ms]) => ms >= 100).sort(([, a], [, b]) => b - a);
  if (rows.length === 0) return <p class="soft">No gaps.</p>;
  return (
    <dl class="facts">
      {rows.map(([reason, ms]) => (
        <div key={reason}>
          <dt>{words(reason)}</dt>
          <dd>{lengthOf(ms / 1000)}</dd>
        </div>
      ))}
    </dl>
  );
}
