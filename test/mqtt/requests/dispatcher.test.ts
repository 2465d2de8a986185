import t from "tap";
import { FlinchError } from "../../../src/lib/errors.js";
import { type RequestKinds, requestKinds } from "../../../src/mqtt/requests/index.js";
import { type Answer, asking } from "../../support/asking.js";
import { fakeControls } from "../../support/controls.js";
import { until } from "../../support/logs.js";
import { conforms } from "../../support/schemas.js";

const NAMES = [
  "session/start",
  "session/stop",
  "status",
  "diagnostics",
  "restart",
  "model/reload",
  "spotting/recalibrate",
];
const person = { subject: "P-17", consent: "form/17" };

t.test("every request is answered with what it came to", async (t) => {
  const { ask, answers } = asking();
  for (const name of NAMES) ask(name, { transaction: `t-${name}`, ...(name === "session/start" && person) });
  await until(() => answers.length === NAMES.length);
  for (const name of NAMES) {
    const answer = answers.find(({ response }) => response.request === name);
    t.equal(answer?.topic, `flinch/device/response/${name}`);
    t.equal(conforms("response", answer?.response), "", name);
    t.match(answer?.response, { status: "ok", transaction: `t-${name}`, bootId: "boot" });
  }
});

t.test("what cannot be done is answered with a code and what to do", async (t) => {
  const cases: readonly (readonly [name: string, payload: unknown, code: string, message: RegExp])[] = [
    ["nothing", {}, "REQUEST_UNKNOWN", /no request 'nothing'; there are session\/start, session\/stop, status/],
    ["", {}, "REQUEST_UNKNOWN", /there are/],
    ["toString", {}, "REQUEST_UNKNOWN", /no request 'toString'/],
    ["status", Buffer.alloc(0), "REQUEST_INVALID", /empty; without parameters it is \{\}/],
    ["status", Buffer.from("{"), "REQUEST_INVALID", /not JSON/],
    ["status", Buffer.from([0x7b, 0xff, 0x7d]), "REQUEST_INVALID", /not JSON in UTF-8/],
    ["status", [], "REQUEST_INVALID", /not a JSON object/],
    ["status", null, "REQUEST_INVALID", /not a JSON object/],
    ["status", { transaction: 7 }, "REQUEST_INVALID", /transaction is not a text of at most 128/],
    ["status", { transaction: "t".repeat(129) }, "REQUEST_INVALID", /transaction/],
    ["status", { colour: "red" }, "REQUEST_INVALID", /status: no parameter 'colour'/],
    ["status", Buffer.from('{"__proto__":1}'), "REQUEST_INVALID", /no parameter '__proto__'/],
    ["status", { filler: "x".repeat(9000) }, "REQUEST_TOO_LARGE", /bytes, of at most 8192/],
    ["restart", { scope: "machine" }, "REQUEST_INVALID", /scope must be equal to one of.*process, pipeline/],
    ["session/start", { subject: "P-17" }, "REQUEST_INVALID", /required property 'consent'/],
    ["session/start", { ...person, subject: "Jo Doe" }, "REQUEST_INVALID", /subject must match pattern/],
    ["session/start", { ...person, subject: "jo@doe.org" }, "REQUEST_INVALID", /subject must match pattern/],
    ["session/start", { ...person, room: "a\nb" }, "REQUEST_INVALID", /room must match pattern/],
  ];
  for (const [name, payload, code, message] of cases) {
    const { ask, answers } = asking();
    ask(name, payload);
    await until(() => answers.length === 1);
    t.match(answers[0]?.response, { status: "error", error: { code, message } }, `${name} ${code}`);
    t.equal(conforms("response", answers[0]?.response), "");
  }
});

t.test("of a bad request it is still said whose it was", async (t) => {
  const { ask, answers } = asking();
  ask("status", { transaction: "mine", colour: "red" });
  ask("nothing", { transaction: "mine" });
  await until(() => answers.length === 2);
  t.same(
    answers.map(({ response }) => response.transaction),
    ["mine", "mine"],
  );
  t.same(answers.map(({ response }) => response.error?.code).sort(), ["REQUEST_INVALID", "REQUEST_UNKNOWN"]);
});

t.test("one at a time of a name, a few wait, and more are told so", async (t) => {
  let go: () => void = () => undefined;
  let atOnce = 0;
  let most = 0;
  const kinds: RequestKinds = new Map([
    [
      "status",
      {
        timeoutMs: 60_000,
        run: async () => {
          most = Math.max(most, ++atOnce);
          await new Promise<void>((resolve) => {
            go = resolve;
          });
          atOnce--;
          return {};
        },
      },
    ],
  ]);
  const { ask, answers } = asking({ kinds, maxWaiting: 2 });
  for (const transaction of ["a", "b", "c", "d", "e"]) ask("status", { transaction });
  await until(() => answers.length === 2);
  t.match(
    answers.map(({ response }) => [response.transaction, response.error?.code]),
    [
      ["d", "BUSY"],
      ["e", "BUSY"],
    ],
  );
  await until(() => {
    go();
    return answers.length === 5;
  });
  t.same(
    answers.slice(2).map(({ response }) => response.transaction),
    ["a", "b", "c"],
  );
  t.equal(most, 1);
});

t.test(
  "who waits too long is told so; what never had its turn is not begun, and a late end is in the log",
  async (t) => {
    let end: () => void = () => undefined;
    let begun = 0;
    let aborted = false;
    const kinds: RequestKinds = new Map([
      [
        "status",
        {
          timeoutMs: 50,
          run: async (_: unknown, signal: AbortSignal) => {
            begun++;
            await new Promise<void>((resolve) => {
              end = resolve;
            });
            aborted = signal.aborted;
            return {};
          },
        },
      ],
    ]);
    const { ask, answers, log } = asking({ kinds });
    ask("status", { transaction: "a" });
    ask("status", { transaction: "b" });
    await until(() => answers.length === 2);
    t.same(
      answers.map(({ response }) => response.error?.code),
      ["TIMEOUT", "TIMEOUT"],
    );
    end();
    await until(() => log.count(/done after its time was over/) === 1);
    t.same([begun, aborted], [1, true]);
  },
);

t.test("a fault of ours is told in the log, not to whoever asks", async (t) => {
  const secret = async () => {
    throw new Error("password 1234");
  };
  const kinds = requestKinds(fakeControls({ stopSession: secret }));
  const { ask, answers, log } = asking({ kinds });
  ask("session/stop");
  await until(() => answers.length === 1);
  t.match(answers[0]?.response, { status: "error", error: { code: "FAILED" } });
  t.notMatch(JSON.stringify(answers), /1234/);
  t.equal(log.count(/^error request session\/stop failed/), 1);
  const refused = requestKinds(
    fakeControls({ stopSession: () => Promise.reject(new FlinchError("SESSION_NONE", "x")) }),
  );
  const other = asking({ kinds: refused });
  other.ask("session/stop");
  await until(() => other.answers.length === 1);
  t.match(other.answers[0]?.response, { error: { code: "SESSION_NONE", message: "x" } });
});

t.test("the process ends after the answer, even where that reaches nobody", async (t) => {
  const controls = fakeControls();
  const order: string[] = [];
  const { ask } = asking({
    kinds: requestKinds(controls),
    answer: async () => {
      order.push(`answered, done ${controls.done.join()}`);
      throw new Error("gone");
    },
  });
  ask("restart");
  await until(() => controls.done.length === 1);
  t.same(order, ["answered, done "]);
  ask("restart", { scope: "pipeline" });
  await until(() => controls.done.length === 2);
  t.same(controls.done, ["process", "pipeline"]);
});

t.test("an answer goes where the sender wants it, but never out of the device's own answers", async (t) => {
  const { ask, answers, log } = asking();
  const correlationData = Buffer.from([1, 2, 3]);
  ask("status", {}, { responseTopic: "flinch/device/response/mine", correlationData });
  const elsewhere = [
    "me/answers",
    "homeassistant/sensor/flinch/config",
    "flinch/device/event/micro_expression",
    "flinch/other/response/status",
    "a/#",
    "flinch/device/response/#",
    "flinch/device/response/+/x",
    "flinch/device/response/a\u0000b",
    "flinch/device/response/\ud800",
    `flinch/device/response/${"x".repeat(70_000)}`,
    "",
  ];
  for (const responseTopic of elsewhere) ask("status", {}, { responseTopic });
  await until(() => answers.length === 1 + elsewhere.length);
  const isMine = ({ topic }: Answer) => topic === "flinch/device/response/mine";
  t.same(answers.find(isMine)?.correlationData, correlationData);
  const others = answers.filter((answer) => !isMine(answer));
  t.equal(others.length, elsewhere.length);
  t.same([...new Set(others.map(({ topic }) => topic))], ["flinch/device/response/status"]);
  t.equal(log.count(/^warn .*outside of/), 1);
});

t.test("a retained request is neither done nor answered, and the log says so once", async (t) => {
  const controls = fakeControls();
  const { ask, answers, log } = asking({ kinds: requestKinds(controls) });
  for (const name of ["restart", "restart", "nothing"]) ask(name, {}, { retained: true });
  ask("status");
  await until(() => answers.length === 1);
  t.same([controls.done, answers.length], [[], 1]);
  t.equal(log.count(/^warn .*retained/), 1);
});

t.test("at the end whoever still waits is told so", async (t) => {
  const never = new Promise<never>(() => undefined);
  const kinds = requestKinds(fakeControls({ diagnose: () => never }));
  const { ask, answers, dispatcher } = asking({ kinds });
  for (const transaction of ["a", "b"]) ask("diagnostics", { transaction });
  await dispatcher.stop();
  ask("status");
  await dispatcher.stop();
  t.same(
    answers.map(({ response }) => response.error?.code),
    ["STOPPING", "STOPPING", "STOPPING"],
  );
});

t.test("more at once than can be kept are dropped, and counted", async (t) => {
  const never = new Promise<never>(() => undefined);
  const { ask, answers, dispatcher, log } = asking({ answer: () => never, maxOpen: 3 });
  for (let i = 0; i < 5; i++) ask("status");
  t.equal(dispatcher.dropped, 2);
  t.same(answers, []);
  t.equal(log.count(/too many requests/), 1);
});
