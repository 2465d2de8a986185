/// <reference lib="dom" />
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { openBrowser, openTab, picture } from "../support/browser.js";
import { Flinch } from "../support/cli.js";
import { EVERY_CANDIDATE, shortVideo } from "../support/demo.js";
import { freePort } from "../support/free-port.js";
import { until } from "../support/logs.js";
import { Mosquitto, Subscriber } from "../support/mosquitto.js";

const dir = t.testdir();
const video = await shortVideo(join(dir, "short.mp4"));
const SUBJECT = "p-one-of-a-kind";
const CONSENT = "form-one-of-a-kind";
const browser = await openBrowser(t);
const broker = await Mosquitto.start();
t.teardown(() => broker.stop());
const subscriber = new Subscriber(broker.port);
t.teardown(() => subscriber.close());

/** A daemon with a console, that watches the video over and over as if it were a camera. */
function watching(t: Test, port: number, ...args: string[]): Flinch {
  const source = ["--source.kind=file", `--source.uri=${video}`, "--source.loop", "--source.pace=realtime"];
  const place = [`--outbox.directory=${join(dir, "outbox")}`, `--state.directory=${join(dir, "state")}`];
  const listen = [`--console.listen=127.0.0.1:${port}`, "--console.face=outline", `--mqtt.url=${broker.url}`];
  const daemon = new Flinch([
    "run",
    "--device.id=room-1",
    ...source,
    ...place,
    ...listen,
    ...EVERY_CANDIDATE,
    "--recognition.attention",
    ...args,
  ]);
  t.teardown(() => daemon.dispose());
  return daemon;
}

t.test("from a live event to a label at the broker, over a restart of the daemon", async (t) => {
  const port = await freePort();
  const first = watching(t, port);
  const { url } = await first.logged(/^console listening$/);
  const { page, foreign, complaints } = await openTab(t, browser, String(url));
  await page.getByLabel("Subject").fill(SUBJECT);
  await page.getByLabel("Consent").fill(CONSENT);
  await page.getByRole("button", { name: "Begin a session" }).click();
  await page.getByText("with consent on record").waitFor();
  await page.getByRole("region", { name: "Face 1" }).waitFor();
  await page.getByRole("img", { name: "Outline of the face" }).waitFor();
  const event = page.locator(".happenings .raised a").first();
  await event.waitFor({ timeout: 60_000 });
  t.strictSame(complaints, []);
  await picture(page, "console-live", 12_000);

  first.kill("SIGKILL");
  await first.ended;
  await page.getByText("not answering, trying again").waitFor();
  const second = watching(t, port);
  await second.logged(/^console listening$/);
  await page
    .getByRole("definition")
    .filter({ hasText: /^● connected$/ })
    .first()
    .waitFor();
  await page.getByText("with consent on record").waitFor();
  t.pass("the page is back, and so is the session");

  await page.getByRole("link", { name: "Review" }).click();
  await page.getByText("Is it a micro-expression?").waitFor();
  await until(async () => (await page.getByRole("slider", { name: "apex" }).count()) > 0 || (await reopen()), 20_000);
  await picture(page, "console-review", 1000);
  await page.keyboard.press("r");
  const review = await subscriber.message(({ topic }) => topic.endsWith("/event/review"));
  t.match(review.payload, { schema: "flinch/review/1", decision: "real", reviewer: "local", device: "room-1" });
  t.equal(review.qos, 1);

  const status = await (await fetch(new URL("/readyz", String(url)))).json();
  t.match(status, { status: "ok" });
  t.match(await (await fetch(new URL("/metrics", String(url)))).text(), /^flinch_/m);
  second.kill("SIGTERM");
  t.equal(await second.ended, 0, "a tab that is open does not keep it from ending");
  t.strictSame(foreign, []);

  /** The signal comes two seconds after the event. */
  async function reopen(): Promise<boolean> {
    await page.reload();
    await page.getByText("Is it a micro-expression?").waitFor();
    return false;
  }
});

t.test("a deleted session is told, and its people are in no file", async (t) => {
  const port = await freePort();
  const daemon = watching(t, port);
  const { url } = await daemon.logged(/^console listening$/);
  const ask = async (path: string, method = "GET") =>
    (await (await fetch(new URL(path, String(url)), { method, headers: { "X-Flinch": "1" } })).json()) as {
      sessions: { session: { id: string } }[];
    };
  await ask("/api/sessions/stop", "POST");
  const [record] = (await ask("/api/sessions")).sessions;
  const id = record?.session.id ?? "";
  t.match(await ask(`/api/sessions/${id}`, "DELETE"), { deletion: { reason: "request", by: "local" } });
  const told = await subscriber.message(({ topic }) => topic.endsWith("/event/deletion"));
  t.match(told.payload, { schema: "flinch/deletion/1", session: id });
  daemon.kill("SIGTERM");
  t.equal(await daemon.ended, 0);
  const files = readdirSync(dir, { recursive: true, encoding: "utf8" }).map((name) => join(dir, name));
  const holding = files.filter((file) => statSync(file).isFile() && /one-of-a-kind/.test(readFileSync(file, "latin1")));
  t.strictSame(holding, []);
});

t.test("what a daemon kept is shown without one", async (t) => {
  const place = [`--outbox.directory=${join(dir, "outbox")}`, `--state.directory=${join(dir, "state")}`];
  const served = new Flinch(["console", "serve", ...place, "--console.listen=127.0.0.1:0"]);
  t.teardown(() => served.dispose());
  await until(() => served.output.length > 0, 30_000);
  const url = (served.output[0] ?? "").replace("console on ", "");
  const { page } = await openTab(t, browser, `${url}#/sessions`);
  await page.getByText("deleted", { exact: true }).waitFor();
  await page.goto(`${url}#/live`);
  await page.getByText("No daemon is at work here").waitFor();
  served.kill("SIGTERM");
  t.equal(await served.ended, 0);
});

t.test("a console for other machines is not opened without TLS and users", async (t) => {
  const daemon = new Flinch(["run", "--source.kind=file", `--source.uri=${video}`, "--console.listen=0.0.0.0:0"]);
  t.equal(await daemon.ended, 1);
  t.match(daemon.plain.join("\n"), /console\.listen 0\.0\.0\.0:0 is open to other machines.*CONFIG_INVALID/);
});
