import t from "tap";
import { ConfigInForce } from "../../../src/config/index.js";
import type { ReportedDocument } from "../../../src/contract/config-reported.js";
import { desiredConfigOf, localConfig, MemoryStore, Pipe } from "../../support/desired-config.js";
import { until } from "../../support/logs.js";

const applied = (version: number) => ({
  version,
  status: "applied",
  reason: null,
  refused: [],
  superseded: [],
  inForce: version,
});

t.test("a document is in force, whole, and stays so when it comes again", async (t) => {
  const { desiredConfig, pipe, send, reports } = await desiredConfigOf();
  await send({ version: 4, config: { device: { room: "Blue" }, spotting: { threshold: 7 } } });
  t.match(pipe.last, { device: { room: "Blue", id: "room-1" }, spotting: { threshold: 7 } });
  t.same(desiredConfig.report(), { desired: applied(4), groups: {}, restartRequired: [] });
  const [before, count] = [reports(), pipe.applied.length];
  // Other blanks, other order of keys: the same document.
  await send('{"config":{"spotting":{"threshold":7},"device":{"room":"Blue"}},  "version":4}');
  t.equal(pipe.applied.length, count);
  t.ok(reports() > before, "it is answered all the same");
  t.same(desiredConfig.report().desired, applied(4));
});

t.test("a document replaces the one before: what it does not name is local again", async (t) => {
  const { pipe, send } = await desiredConfigOf({ local: localConfig("--device.room=Here") });
  await send({ version: 1, config: { device: { room: "Blue" } } });
  await send({ version: 2, config: { spotting: { threshold: 7 } } });
  t.match(pipe.last, { device: { room: "Here" }, spotting: { threshold: 7 } });
});

for (const [what, document, refused, reason] of [
  [
    "a key that does not exist",
    { spotting: { treshold: 3 } },
    "spotting.treshold",
    /no such key; spotting\.threshold\?/,
  ],
  ["a credential", { mqtt: { username: "x" } }, "mqtt.username", /on the device only/],
  ["a path", { outbox: { directory: "/" } }, "outbox.directory", /on the device only/],
  ["the model", { recognition: { model: "x" } }, "recognition.model", /on the device only/],
  ["the purpose", { privacy: { purpose: "x" } }, "privacy.purpose", /on the device only/],
  ["a local key taken back", { privacy: { purpose: null } }, "privacy.purpose", /on the device only/],
  ["a local section taken back", { mqtt: null }, "mqtt", /on the device only/],
  ["a value that is not allowed", { spotting: { threshold: -1 } }, "spotting.threshold", /must be .* but is -1/],
  ["a section that is none", { spotting: 3 }, "spotting", /is a section/],
] as const) {
  t.test(`${what} refuses the whole document`, async (t) => {
    const { desiredConfig, pipe, send } = await desiredConfigOf();
    await send({ version: 1, config: { ...document, device: { room: "Blue" } } });
    t.same(pipe.applied, []);
    const { desired } = desiredConfig.report();
    t.match(desired, { version: 1, status: "refused", inForce: null, refused: [{ key: refused, reason }] });
    t.match(desired?.reason, reason);
  });
}

t.test("prototypes are no keys", async (t) => {
  const { desiredConfig, pipe, send } = await desiredConfigOf();
  for (const name of ["__proto__", "constructor", "prototype", "toString"]) {
    await send(`{"version":1,"config":{"${name}":{"polluted":true}}}`);
    t.match(desiredConfig.report().desired, { status: "refused", refused: [{ key: name }] });
    await send(`{"version":1,"config":{"spotting":{"${name}":{"polluted":true}}}}`);
    t.match(desiredConfig.report().desired, { status: "refused", refused: [{ key: `spotting.${name}` }] });
  }
  t.same(pipe.applied, []);
  t.notOk("polluted" in {});
});

t.test("what is no document is answered too", async (t) => {
  const { desiredConfig, send } = await desiredConfigOf();
  for (const [payload, reason] of [
    ["{", /not JSON/],
    ["\u0000", /not JSON/],
    ["[]", /must be an object/],
    ['{"config":{}}', /version must be/],
    ['{"version":0,"config":{}}', /version must be/],
    ['{"version":1.5,"config":{}}', /version must be/],
    ['{"version":1}', /config must be/],
    ['{"version":1,"config":[]}', /config must be/],
    ['{"version":1,"config":{},"room":"x"}', /no member "room"/],
    ['{"version":1,"config":{},"signature":1}', /signature/],
    ['{"version":1,"config":{},"schema":"flinch/state\\/1"}', /schema/],
    [`{"version":1,"config":${"[".repeat(30_000)}${"]".repeat(30_000)}}`, /nested/],
  ] as const) {
    await send(payload);
    const { desired } = desiredConfig.report();
    t.match(desired, { status: "refused", inForce: null });
    t.match(desired?.reason, reason, payload.slice(0, 60));
  }
  await desiredConfig.receive("device", Uint8Array.of(0xff, 0xfe));
  t.match(desiredConfig.report().desired?.reason, /UTF-8/);
  await desiredConfig.refuseTooLong("device", 70_000);
  t.match(desiredConfig.report().desired, { version: null, status: "refused", reason: /70000 bytes.*65536/ });
});

t.test("values that contradict each other are refused together", async (t) => {
  const { desiredConfig, pipe, send } = await desiredConfigOf();
  await send({ version: 1, config: { spotting: { minMs: 400, maxMs: 300 } } });
  t.match(desiredConfig.report().desired, { status: "refused", reason: /spotting\.minMs \(400\) must be less/ });
  await send({ version: 2, config: { spotting: { maxMs: 9000 } } });
  t.match(desiredConfig.report().desired, { status: "refused", reason: /clip\.seconds \(3\)/ });
  t.same(pipe.applied, []);
});

t.test("a stale version is refused, and what is in force stays", async (t) => {
  const { desiredConfig, pipe, send } = await desiredConfigOf();
  await send({ version: 5, config: { device: { room: "Five" } } });
  await send({ version: 4, config: { device: { room: "Four" } } });
  t.match(desiredConfig.report().desired, {
    version: 4,
    status: "refused",
    reason: /stale: not newer than 5/,
    inForce: 5,
  });
  await send({ version: 5, config: { device: { room: "Other" } } });
  t.match(desiredConfig.report().desired, { version: 5, status: "refused", reason: /other content/, inForce: 5 });
  t.match(pipe.last, { device: { room: "Five" } });
  // A refused version is none that was taken: mended, it may come again.
  await send({ version: 6, config: { device: { rom: "Six" } } });
  await send({ version: 6, config: { device: { room: "Six" } } });
  t.same(desiredConfig.report().desired, applied(6));
});

t.test("an empty payload takes the document back, and its version", async (t) => {
  const { desiredConfig, pipe, send } = await desiredConfigOf({ local: localConfig("--device.room=Here") });
  await send("");
  t.equal(desiredConfig.report().desired, null);
  await send({ version: 5, config: { device: { room: "Five" } } });
  await send("");
  t.equal(desiredConfig.report().desired, null);
  t.match(pipe.last, { device: { room: "Here" } });
  await send({ version: 1, config: { device: { room: "One" } } });
  t.same(desiredConfig.report().desired, applied(1));
});

t.test("groups are below the device, key by key, each with its own versions", async (t) => {
  const local = localConfig("--device.groups=house,floor", "--device.room=Here");
  const { desiredConfig, pipe, send } = await desiredConfigOf({ local });
  const wanted = (room: string, threshold: number) => ({ device: { room }, spotting: { threshold } });
  await send({ version: 9, config: wanted("House", 9) }, "group/house");
  t.match(pipe.last, wanted("House", 9));
  await send({ version: 2, config: { spotting: { threshold: 2 } } }, "group/floor");
  t.match(pipe.last, wanted("House", 2));
  await send({ version: 1, config: { device: { room: "Mine" }, spotting: { threshold: null } } });
  t.match(pipe.last, wanted("Mine", local.spotting.threshold), "null: the local value, whatever a group says");
  t.same(desiredConfig.report().groups, { house: applied(9), floor: applied(2) });
  await send("");
  t.match(pipe.last, wanted("House", 2));
  // Good alone, and not beside the group's.
  await send({ version: 10, config: { spotting: { minMs: 400 } } }, "group/house");
  await send({ version: 1, config: { spotting: { maxMs: 300 } } });
  t.match(desiredConfig.report().desired, { status: "refused", reason: /minMs \(400\) must be less/ });
});

t.test("a pipeline that cannot be opened, or gives no frame, brings the last good configuration back", async (t) => {
  const pipe = new Pipe();
  pipe.refuses = ({ face }) => (face.minScore === 0.9 ? "no memory" : undefined);
  pipe.works = ({ face }) => face.minScore !== 0.8;
  const store = new MemoryStore();
  const { desiredConfig, send } = await desiredConfigOf({
    pipe,
    store,
    local: localConfig("--remote.healthyWithinS=1"),
  });
  await send({ version: 1, config: { face: { minScore: 0.5 } } });
  const good = () => desiredConfig.report().desired;
  t.same(good(), applied(1));
  await until(() => store.saved.trial === null);
  for (const [version, minScore, reason] of [
    [2, 0.9, "no memory"],
    [3, 0.8, "no frame was processed within 1 s of the change"],
  ] as const) {
    await send({ version, config: { face: { minScore } } });
    const back = { version, status: "rolled_back", reason, refused: [], superseded: [], inForce: 1 } as const;
    t.same(good(), back satisfies ReportedDocument);
    t.match(pipe.last, { face: { minScore: 0.5 } });
    // It stays refused, however often it comes, until there is a newer one.
    await send({ version, config: { face: { minScore } } });
    t.match(good(), { version, status: "rolled_back", reason });
  }
  await send({ version: 4, config: { face: { minScore: 0.4 } } });
  t.same(good(), applied(4));
});

t.test("a failure on probation is put down to the change; later it is the daemon's own", async (t) => {
  const store = new MemoryStore();
  const { desiredConfig, send } = await desiredConfigOf({ store, local: localConfig("--remote.healthyWithinS=1") });
  t.equal(await desiredConfig.failed(new Error("broken")), undefined, "no change, no blame");
  await send({ version: 1, config: { face: { minScore: 0.5 } } });
  const back = await desiredConfig.failed(new Error("broken"));
  t.equal(back?.face.minScore, localConfig().face.minScore);
  t.match(desiredConfig.report().desired, {
    version: 1,
    status: "rolled_back",
    reason: /failed: broken/,
    inForce: null,
  });
  await send({ version: 2, config: { face: { minScore: 0.5 } } });
  await until(() => store.saved.trial === null);
  t.equal(await desiredConfig.failed(new Error("broken")), undefined);
});

t.test("a change outlives a restart; a crash on probation takes it back, an orderly stop does not", async (t) => {
  const store = new MemoryStore();
  const local = localConfig("--remote.healthyWithinS=1");
  const first = await desiredConfigOf({ store, local });
  await first.send({ version: 1, config: { device: { room: "One" } } });
  await until(() => store.saved.trial === null);

  const second = await desiredConfigOf({ store, local });
  t.equal(second.desiredConfig.config().device.room, "One", "in force before any broker is there");
  t.same(second.desiredConfig.report().desired, applied(1));
  await second.send({ version: 2, config: { device: { room: "Two" } } });
  await second.desiredConfig.suspend();

  const third = await desiredConfigOf({ store, local });
  t.equal(third.desiredConfig.config().device.room, "Two");
  await until(() => third.desiredConfig.report().desired?.status === "applied");
  // No orderly stop: the process is gone.
  const fourth = await desiredConfigOf({ store, local });
  t.equal(fourth.desiredConfig.config().device.room, "One");
  t.match(fourth.desiredConfig.report().desired, {
    version: 2,
    status: "rolled_back",
    reason: /ended within 1 s/,
    inForce: 1,
  });
  await fourth.send({ version: 2, config: { device: { room: "Two" } } });
  t.match(fourth.desiredConfig.report().desired, { version: 2, status: "rolled_back", inForce: 1 });
});

t.test("what is on disk and does not fit the local configuration any more is not in force, and says so", async (t) => {
  const store = new MemoryStore();
  const first = await desiredConfigOf({ store, local: localConfig("--remote.healthyWithinS=1") });
  await first.send({ version: 1, config: { spotting: { maxMs: 2500 } } });
  await until(() => store.saved.trial === null);
  const second = await desiredConfigOf({ store, local: localConfig("--clip.seconds=1") });
  t.equal(second.desiredConfig.config().spotting.maxMs, 500);
  t.match(second.desiredConfig.report().desired, {
    version: 1,
    status: "refused",
    reason: /clip\.seconds/,
    inForce: null,
  });
  await second.send({ version: 1, config: { spotting: { maxMs: 2500 } } });
  t.match(second.desiredConfig.report().desired, { status: "refused", reason: /clip\.seconds/ });
});

t.test("keys that count from the next start on are those that differ from this one's, and stay so", async (t) => {
  const inForce = new ConfigInForce(localConfig());
  const { desiredConfig, send } = await desiredConfigOf({ inForce });
  inForce.replace(localConfig("--outbox.maxEvents=5", "--face.minScore=0.5", "--device.room=Blue"));
  t.same(desiredConfig.report().restartRequired, ["outbox.maxEvents"]);
  await send({ version: 1, config: {} });
  t.same(desiredConfig.report().restartRequired, ["outbox.maxEvents"]);
});

t.test("a disk that refuses: the document is refused, and nothing changes", async (t) => {
  const { desiredConfig, pipe, store, send } = await desiredConfigOf();
  store.refuses = "no space left";
  await send({ version: 1, config: { device: { room: "One" } } });
  t.match(desiredConfig.report().desired, {
    version: 1,
    status: "refused",
    reason: /kept on disk.*no space/,
    inForce: null,
  });
  t.same(pipe.applied, []);
  store.refuses = undefined;
  await send({ version: 1, config: { device: { room: "One" } } });
  t.same(desiredConfig.report().desired, applied(1));
});

t.test("of a burst only the newest is put in force, and the others are answered together", async (t) => {
  const { desiredConfig, pipe, send, reports } = await desiredConfigOf();
  const room = (version: number) => ({ version, config: { device: { room: `Room ${version}` } } });
  await send(room(1));
  const [before, told] = [pipe.applied.length, reports()];
  await Promise.all(Array.from({ length: 5000 }, (_, i) => send(room(2 + i))));
  t.match(pipe.last, { device: { room: "Room 5001" } });
  t.ok(pipe.applied.length - before < 5, `${pipe.applied.length - before} were applied`);
  t.ok(reports() - told < 20, `${reports() - told} reports`);
  t.same(desiredConfig.report().desired, { ...applied(5001), superseded: [{ from: 2, to: 5000 }] });
  await send(room(5002));
  t.same(desiredConfig.report().desired, applied(5002));
});

t.test("of a burst the newest that can be taken is, and the last one has its own answer", async (t) => {
  const { desiredConfig, pipe, send } = await desiredConfigOf();
  const room = (version: number, name: string) => ({ version, config: { device: { room: name } } });
  const wrong = { config: { device: { rooom: "x" } } };
  await Promise.all([
    send(room(1, "a")),
    send(room(3, "b")),
    send(room(4, "c")),
    send("{"),
    send({ version: 6, ...wrong }),
    send({ version: 7, ...wrong }),
  ]);
  t.match(pipe.last, { device: { room: "c" } });
  t.match(desiredConfig.report().desired, {
    version: 7,
    status: "refused",
    superseded: [
      { from: 1, to: 1 },
      { from: 3, to: 3 },
      { from: 6, to: 6 },
    ],
    inForce: 4,
  });
});

t.test("an empty payload within a burst takes all before it back, and the versions begin anew", async (t) => {
  const { desiredConfig, pipe, send } = await desiredConfigOf();
  await send({ version: 9, config: { device: { room: "a" } } });
  await Promise.all([
    send({ version: 10, config: { device: { room: "b" } } }),
    send(""),
    send({ version: 1, config: { device: { room: "c" } } }),
  ]);
  t.match(pipe.last, { device: { room: "c" } });
  t.same(desiredConfig.report().desired, { ...applied(1), superseded: [{ from: 10, to: 10 }] });
});

t.test("no version leaves too little room for a later one", async (t) => {
  const { desiredConfig, send } = await desiredConfigOf();
  const document = (version: number) => ({ version, config: { device: { room: `${version}` } } });
  for (const version of [Number.MAX_SAFE_INTEGER, 2 ** 52 + 1]) {
    await send(document(version));
    t.match(desiredConfig.report().desired, { version, status: "refused", reason: /too little room/, inForce: null });
  }
  for (const version of [1, Date.now() * 1000, 2 ** 52, 2 ** 52 + 1_000_000]) {
    await send(document(version));
    t.same(desiredConfig.report().desired, applied(version));
  }
  await send(document(2 ** 52 + 2_000_001));
  t.match(desiredConfig.report().desired, { status: "refused", inForce: 2 ** 52 + 1_000_000 });
});
