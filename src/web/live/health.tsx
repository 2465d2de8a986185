import type { State } from "../../contract/index.js";
import { lengthOf } from "../words.js";

type Health = "good" | "fair" | "bad";

interface Fact {
  readonly name: string;
  readonly health: Health;
  readonly text: string;
  readonly more?: string;
}

const SIGN: Readonly<Record<Health, string>> = { good: "●", fair: "▲", bad: "✕" };

const CAMERA: Readonly<Record<State["source"]["status"], Health>> = {
  streaming: "good",
  paused: "good",
  opening: "fair",
  ended: "fair",
  lost: "bad",
  frozen: "bad",
};

/** The health of everything between lens and broker, with a sign beside every colour. */
export function HealthBar({ state, connected }: { state: State; connected: boolean }) {
  return (
    <dl class="health" aria-label="Health">
      {[connection(connected), ...factsOf(state)].map(({ name, health, text, more }) => (
        <div key={name} class={health} title={more}>
          <dt>{name}</dt>
          <dd>
            <span aria-hidden="true">{SIGN[health]}</span> {text}
          </dd>
        </div>
      ))}
    </dl>
  );
}

const connection = (connected: boolean): Fact => ({
  name: "Daemon",
  health: connected ? "good" : "bad",
  text: connected ? "connected" : "not answering, trying again",
});

/** Close to where the board throttles itself it is said. */
const temperature = (hottestC: number, headroomC: number | null): Fact => ({
  name: "Temperature",
  health: headroomC === null || headroomC > 10 ? "good" : headroomC > 0 ? "fair" : "bad",
  text: `${Math.round(hottestC)} °C`,
});

function factsOf(state: State): Fact[] {
  const { source, broker, events, engine, board, provider, faces, load } = state;
  const hottest = board?.hottestC ?? null;
  const waiting = events.pending;
  return [
    {
      name: "Camera",
      health: CAMERA[source.status],
      text: source.status,
      ...(source.lastError !== null && { more: source.lastError }),
    },
    { name: "Faces", health: "good", text: `${faces.followed} followed` },
    {
      name: "Models",
      health: "good",
      text: `on ${provider}`,
      ...(engine !== undefined && { more: JSON.stringify(engine) }),
    },
    {
      name: "Broker",
      health: broker.connected ? "good" : "bad",
      text: broker.connected ? "connected" : "away",
      ...(broker.lastError !== null && { more: broker.lastError }),
    },
    {
      name: "Outbox",
      health: events.unwritten > 0 ? "bad" : waiting > 0 && !broker.connected ? "fair" : "good",
      text: events.unwritten > 0 ? `${events.unwritten} only in memory` : `${waiting} waiting`,
    },
    ...(hottest === null ? [] : [temperature(hottest, board?.headroomC ?? null)]),
    { name: "Load", health: load.step === "full" ? "good" : "fair", text: load.step.replaceAll("_", " ") },
    { name: "Up", health: "good", text: lengthOf(state.uptimeS) },
  ];
}
