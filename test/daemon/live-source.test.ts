import t from "tap";
import type { State } from "../../src/contract/state.js";
import { kill, rtspServerMissing, startRtspServer } from "../capture/support/rtsp-server.js";
import { freePort } from "../support/free-port.js";
import { until } from "../support/logs.js";
import { watchedRoom } from "../support/watched-room.js";

t.test(
  "a live stream outlives pipelines begun anew, and they outlive its loss",
  { skip: rtspServerMissing() },
  async (t) => {
    const port = await freePort();
    let server = await startRtspServer(port);
    t.teardown(() => kill(server));
    const { start, send, told, answer } = await watchedRoom(t, "unused");
    const daemon = start(
      "--source.kind=rtsp",
      `--source.uri=rtsp://127.0.0.1:${port}/test`,
      "--source.loop=false",
      "--source.reconnectMinMs=50",
      "--source.reconnectMaxMs=200",
      "--privacy.purpose=a test with a drawn ball",
      "--schedule.heartbeat=* * * * * *",
      "--remote.healthyWithinS=30",
    );
    const state = (is: (state: State) => boolean) =>
      until(() => {
        const last = told<State>("state").at(-1);
        return last !== undefined && is(last);
      }, 60_000);
    await state(({ watches, source }) => watches === 1 && source.status === "streaming");

    await send({ version: 1, config: { face: { minScore: 0.55 } } });
    await answer(1, "applied");
    await state(({ watches, source }) => watches === 2 && source.status === "streaming" && source.captured > 0);

    await kill(server);
    await state(({ source }) => source.status === "lost");
    await send({ version: 2, config: { face: { minScore: 0.56 } } });
    await state(({ watches, source }) => watches === 3 && source.status !== "streaming");
    server = await startRtspServer(port);
    const { config } = await answer(2, "applied");
    t.equal(config.face.minScore, 0.56);
    await state(({ watches, source }) => watches === 3 && source.status === "streaming" && source.captured > 0);
    daemon.kill("SIGTERM");
    t.equal(await daemon.ended, 0);
  },
);
