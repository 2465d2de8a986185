import { once } from "node:events";
import { createServer } from "node:net";
import t from "tap";
import { ClosedUnexplained } from "../../src/mqtt/closed.js";
import { MqttLink } from "../../src/mqtt/index.js";
import { Takeovers } from "../../src/mqtt/takeovers.js";
import { linkOptions } from "../support/link.js";
import { Logs, until } from "../support/logs.js";
import { Mosquitto } from "../support/mosquitto.js";

const named = /^warn connection .* lost: another client with the identifier flinch-room-1 .*device\.id.*waiting/;

for (const protocolVersion of [5, 4] as const) {
  t.test(
    `two devices with one id say so, and leave each other in peace: MQTT version ${protocolVersion}`,
    async (t) => {
      const broker = await Mosquitto.start();
      t.teardown(() => broker.stop());
      const logger = new Logs();
      // The quarrel is over once one of the two waits; the wait is far longer than the test.
      const options = { clientId: "flinch-room-1", protocolVersion, reconnectMaxMs: 60_000 };
      const links = [0, 1].map(() => new MqttLink(linkOptions(broker.url, options), logger));
      t.teardown(() => Promise.all(links.map((link) => link.stop())));
      for (const link of links) link.start();
      await until(() => logger.count(named) === 1);
      const waits = links.filter((link) => link.status().takeovers.count === 1);
      t.equal(waits.length, 1);
      t.match(waits[0]?.status(), { takeovers: { lastAt: /Z$/ }, lastError: /another client/ });
      await until(() => links.filter((link) => link.status().connected).length === 1);
    },
  );
}

t.test("a broker that names the takeover is believed at once", async (t) => {
  const server = createServer((socket) => {
    // CONNACK: accepted. DISCONNECT: session taken over (0x8e).
    socket
      .once("error", () => undefined)
      .once("data", () => socket.end(Buffer.from([0x20, 3, 0, 0, 0, 0xe0, 2, 0x8e, 0])));
  }).listen(0, "127.0.0.1");
  t.teardown(() => server.close());
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no address");
  const logger = new Logs();
  const link = new MqttLink(linkOptions(`mqtt://127.0.0.1:${address.port}`, { clientId: "flinch-room-1" }), logger);
  link.start();
  await until(() => logger.count(named) > 0);
  await link.stop();
  t.match(
    logger.lines.find((line) => line.startsWith("warn")),
    named,
  );
});

t.test("each takeover makes the wait longer, and a lasting connection ends that", (t) => {
  let now = 0;
  const takeovers = new Takeovers(1000, () => now);
  const ends = Array.from({ length: 9 }, () => {
    now += 1000;
    return takeovers.waitAfter(new ClosedUnexplained(), 1000);
  });
  t.strictSame(ends.slice(0, 2), [undefined, undefined]);
  for (const [index, least] of [750, 1500, 3000, 6000, 11_250, 11_250].entries()) {
    const wait = ends[index + 2] ?? 0;
    t.ok(wait >= least && wait <= 15_000, `${wait}`);
  }
  t.ok((takeovers.waitAfter(new ClosedUnexplained(), 31_000) ?? 0) <= 1000, "after a lasting connection");
  t.equal(takeovers.status().count, 8);
  t.end();
});

t.test("a broker that restarts, breaks or closes now and then is no takeover", (t) => {
  let now = 0;
  const takeovers = new Takeovers(1000, () => now);
  for (let restart = 0; restart < 9; restart += 1) {
    t.equal(takeovers.waitAfter(new ClosedUnexplained(), 1000), undefined);
    takeovers.unreachable();
  }
  for (let cut = 0; cut < 9; cut += 1) t.equal(takeovers.waitAfter(new Error("ECONNRESET"), 1000), undefined);
  for (let evening = 0; evening < 9; evening += 1) {
    now += 400_000;
    t.equal(takeovers.waitAfter(new ClosedUnexplained(), 400_000), undefined);
  }
  t.same(takeovers.status(), { count: 0, lastAt: null });
  t.end();
});
