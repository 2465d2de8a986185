import { useEffect, useRef, useState } from "preact/hooks";
import type { State } from "../../contract/index.js";
import { api, type Me } from "../api.js";
import { followLive, type Welcome } from "../live-connection.js";
import { GroupKeys } from "../parts/group-keys.js";
import { FaceLane, type LaneFeed } from "./face-lane.js";
import { type Happening, Happenings } from "./happenings.js";
import { HealthBar } from "./health.js";
import { SessionCard } from "./session-card.js";

/** So many of the latest movements are listed; the rest is in the review. */
const MOST_LISTED = 100;
/** A face that has not moved for so long has left. */
const GONE_MS = 5000;

/** What goes on in the room now. */
export function LivePage({ visitor }: { visitor: NonNullable<Me["visitor"]> }) {
  const [welcome, setWelcome] = useState<Welcome>();
  const [state, setState] = useState<State>();
  const [connected, setConnected] = useState(false);
  const [none, setNone] = useState(false);
  const [faces, setFaces] = useState<readonly number[]>([]);
  const [happenings, setHappenings] = useState<readonly Happening[]>([]);
  const [raisedOnly, setRaisedOnly] = useState(false);
  const feeds = useRef(new Set<LaneFeed>());
  const seen = useRef(new Map<number, number>());

  useEffect(() => {
    let stop: (() => void) | undefined;
    let over = false;
    void api.now().then(
      (now) => {
        if (over) return;
        if (now.state === null) return setNone(true);
        stop = followLive({
          onConnected: setConnected,
          welcome: (message) => {
            seen.current.clear();
            setFaces([]);
            setWelcome(message);
            setState(message.state);
          },
          state: (message) => setState(message.state),
          motion: (message) => {
            const now = performance.now();
            for (const { face } of message.faces) seen.current.set(face, now);
            for (const [face, at] of seen.current) if (now - at > GONE_MS) seen.current.delete(face);
            const here = [...seen.current.keys()].sort((a, b) => a - b);
            setFaces((before) => (before.join() === here.join() ? before : here));
            for (const feed of feeds.current) feed.motion?.(message);
          },
          movement: (message) => {
            setHappenings((before) => [message, ...before].slice(0, MOST_LISTED));
            for (const feed of feeds.current) feed.movement?.(message);
          },
        });
      },
      () => setConnected(false),
    );
    return () => {
      over = true;
      stop?.();
    };
  }, []);

  if (none)
    return (
      <p>
        No daemon is at work here. Former sessions are under <a href="#/sessions">Sessions</a>.
      </p>
    );
  if (welcome === undefined || state === undefined) return <p role="status">Connecting…</p>;
  return (
    <>
      <h1>
        {welcome.info.device} <small>live</small>
      </h1>
      <HealthBar state={state} connected={connected} />
      <div class="live-columns">
        <div>
          <p class="legend">
            <span class="key event">▼ event</span> <span class="key spotter">○ withheld</span>{" "}
            <span class="key limit">╌ threshold</span> <GroupKeys regions={welcome.regions} />
          </p>
          {faces.length === 0 && <p class="card soft">No face is followed at the moment.</p>}
          {faces.map((face) => (
            <FaceLane key={face} face={face} welcome={welcome} feeds={feeds.current} />
          ))}
        </div>
        <aside aria-label="Session and movements">
          <SessionCard state={state} visitor={visitor} purpose={welcome.info.purpose} />
          <section class="card" aria-labelledby="happenings-title">
            <h2 id="happenings-title">Noticed</h2>
            <label class="check">
              <input
                type="checkbox"
                checked={raisedOnly}
                onChange={({ currentTarget }) => setRaisedOnly(currentTarget.checked)}
              />{" "}
              Events only
            </label>
            <div aria-live="polite">
              <Happenings happenings={happenings} raisedOnly={raisedOnly} />
            </div>
          </section>
        </aside>
      </div>
    </>
  );
}
