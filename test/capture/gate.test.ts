import t from "tap";
import { Gate } from "../../src/capture/gate.js";

t.test("closed for as long as there is any reason", async (t) => {
  const gate = new Gate();
  let changes = 0;
  gate.onChange(() => changes++);
  t.same([gate.pauses, gate.closed.aborted], [[], false]);
  const { closed } = gate;
  gate.set("no_session", true);
  gate.set("outside_hours", true);
  gate.set("outside_hours", true);
  t.same([gate.pauses, closed.aborted, gate.closed.aborted], [["no_session", "outside_hours"], true, true]);
  let opened = false;
  const waiting = gate.opened(new AbortController().signal).then(() => {
    opened = true;
  });
  gate.set("no_session", false);
  await new Promise((resolve) => setImmediate(resolve));
  t.same([opened, gate.pauses], [false, ["outside_hours"]]);
  gate.set("outside_hours", false);
  await waiting;
  t.same([gate.pauses, gate.closed.aborted, changes], [[], false, 4]);
  await gate.opened(new AbortController().signal);
});

t.test("who waits is let go when the wait is given up", async (t) => {
  const gate = new Gate();
  gate.set("no_session", true);
  const stop = new AbortController();
  const waiting = gate.opened(stop.signal);
  stop.abort();
  await waiting;
  await gate.opened(stop.signal);
  t.same(gate.pauses, ["no_session"]);
});
