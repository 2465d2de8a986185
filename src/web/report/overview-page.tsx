import type { ReportData } from "../../report/index.js";
import { lengthOf, percent, plural, withheld, words } from "../words.js";
import { MovementTable } from "./movement-table.js";
import { PageExports } from "./page-exports.js";
import type { PageLabels } from "./page-labels.js";
import { RecordingTimeline } from "./recording-timeline.js";
import { TruthTable } from "./truth-table.js";

interface OverviewPageProps {
  readonly data: ReportData;
  readonly labels: PageLabels;
}

/** A recording: what it was analysed with, how much of it could be judged, and every movement that was noticed. */
export function OverviewPage({ data, labels }: OverviewPageProps) {
  const { summary, facts, counts, truth } = data;
  return (
    <>
      <h1>
        <bdi>{summary.video}</bdi>
      </h1>
      <Notices data={data} />
      <dl class="facts">
        {facts.map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
        <Fact name="Judged" value={`${percent(summary.coverage)} of the recording`} />
        <Fact name="Model" value={`${summary.model.name} ${summary.model.version} on ${summary.provider}`} />
      </dl>
      <p class="soft">SHA-256 of the model: {summary.model.sha256}</p>
      <Gaps summary={summary} />
      <h2>Movements that were noticed</h2>
      {counts.length === 0 ? (
        <p>None.</p>
      ) : (
        <ul class="counts">
          {counts.map(({ verdict, count, rank }) => (
            <li key={verdict} class={`rank-${rank}`} data-count={verdict}>
              {words(verdict)} {count}
              {verdict !== "event" && <span class="unseen"> ({withheld(verdict)})</span>}
            </li>
          ))}
        </ul>
      )}
      <p>
        A micro-expression is a short movement of a face, and no proof of anything: not of a lie, and not of a feeling
        that somebody conceals. Most people who conceal something show none, and people who conceal nothing show them
        too. An event is a place in a recording worth looking at, not a finding about a person; where there is none,
        nothing was noticed, which does not mean that there was nothing.
      </p>
      <PageExports data={data} labels={labels} />
      <RecordingTimeline data={data} />
      <MovementTable data={data} />
      {truth && <TruthTable truth={truth} />}
    </>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Notices({ data: { summary, thumbnails, unlisted, truth } }: { data: ReportData }) {
  return (
    <>
      {summary.cut !== null && <p class="notice">The analysis ended before the video: {summary.cut}</p>}
      {thumbnails && <p class="notice">This page holds pictures of a face. Keep it as you keep the video.</p>}
      {unlisted > 0 && (
        <p class="notice">
          {plural(unlisted, "weaker movement")} that the spotter turned down are counted, but not listed.
        </p>
      )}
      {truth && (
        <p class="notice">
          Part of this video, or all of it, is simulated: what <bdi>{truth.file}</bdi> says of it is drawn in green as
          truth. Flinch has not seen it.
        </p>
      )}
    </>
  );
}

/** For how long no face could be judged, and why. */
function Gaps({ summary: { minutes } }: { summary: ReportData["summary"] }) {
  const gaps = Object.entries(minutes.notJudged).filter(([, length]) => length > 0);
  if (gaps.length === 0) return null;
  return (
    <p>
      Not judged:{" "}
      {gaps
        .sort(([, a], [, b]) => b - a)
        .map(([reason, length]) => `${words(reason)} ${lengthOf(60 * length)}`)
        .join(", ")}
      .
    </p>
  );
}
