/// <reference lib="dom" />
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import t from "tap";
import { faultsOf } from "../support/axe.js";
import { openBrowser, openTab } from "../support/browser.js";
import { raised, reportOf, sampleExcerpt, sampleSession, withheld } from "../support/history.js";
import { openRoom, REGIONS, type Room } from "./support/room.js";

const browser = await openBrowser(t);
/** Waits until the movement that is chosen is the one that is drawn. */
const isDrawn = (page: Page) =>
  page.waitForFunction(() => {
    const chosen = document.querySelector(".queue [aria-current] time")?.textContent;
    return chosen && document.querySelector("article h2")?.textContent?.includes(chosen);
  });

/** A session with events that have their signal, and one that was withheld. */
function fill(room: Room, count = 5): string {
  const session = sampleSession(0);
  room.history.beginSession(session);
  for (let i = 1; i <= count; i++) {
    const movement = raised(i * 1000, session.id);
    room.history.add(movement);
    room.history.setExcerpt(movement.id, sampleExcerptAround(movement.movement.apexMs));
  }
  room.history.add(withheld(900, session.id));
  const startedMs = Date.parse(session.startedAt);
  room.history.addCoverage(session.id, {
    fromMs: startedMs,
    toMs: startedMs + 30_000,
    watchedMs: 30_000,
    judgedMs: 20_000,
    gaps: { no_face: 10_000 },
  });
  room.history.endSession(reportOf(session));
  return session.id;
}

/** A signal that lies around an apex. */
function sampleExcerptAround(apexMs: number) {
  const made = sampleExcerpt(150);
  const shift = apexMs - (made.timesMs[75] ?? 0);
  return {
    ...made,
    timesMs: made.timesMs.map((ms) => ms + shift),
    signal: made.signal.map((each) => ({ ...each, timeMs: each.timeMs + shift })),
  };
}

function feed(room: Room): () => void {
  const { listener } = room.console.live;
  let timeMs = 0;
  const timer = setInterval(() => {
    timeMs += 33;
    const displacement = new Float64Array(2 * REGIONS.length).fill(10 * Math.sin(timeMs / 300));
    const sample = { timeMs, displacement, change: new Float64Array(REGIONS.length), head: new Float64Array(4) };
    listener.onSample(1, { sample, observation: {} as never });
    listener.onSignal(1, { timeMs, score: Math.abs(Math.sin(timeMs / 500)), group: "brows" });
  }, 33);
  return () => clearInterval(timer);
}

t.test("the script is small", async (t) => {
  const bytes = gzipSync(readFileSync("dist/web/console.js")).length;
  t.ok(bytes <= 150_000, `${bytes} bytes, gzipped`);
});

t.test("live: motion, an event and what was withheld appear, without a request to anywhere else", async (t) => {
  const room = await openRoom(t);
  t.teardown(feed(room));
  const { page, foreign, complaints } = await openTab(t, browser, room.url);
  await page.getByRole("heading", { name: "room-7" }).waitFor();
  await page.getByRole("region", { name: "Face 1" }).waitFor();
  const canvas = page.locator(".lane canvas").first();
  const before = await canvas.evaluate((element: HTMLCanvasElement) => element.toDataURL());
  await page.waitForTimeout(300);
  t.not(await canvas.evaluate((element: HTMLCanvasElement) => element.toDataURL()), before, "the lane moves");
  const { movement, event } = raised(1);
  const { id, ...rest } = movement;
  const spotted = { kind: "candidate" as const, candidate: { ...rest, reason: "", onsetMs: 1, offsetMs: 2 } };
  const statement = event ?? undefined;
  room.console.live.listener.onOutcome({
    face: 1,
    verdict: "event",
    context: [],
    spotted,
    ...(id && { id }),
    ...(statement && { statement }),
  });
  await page.getByText("surprise 80 %").waitFor();
  const refused = { kind: "suppressed" as const, reason: "blink" as const, apexMs: 50, score: 1 };
  room.console.live.listener.onOutcome({ face: 1, verdict: "blink", context: ["talking"], spotted: refused });
  await page.getByText("a blink").waitFor();
  await page.getByText("talking").waitFor();
  t.strictSame(await faultsOf(page), []);
  t.strictSame(foreign, []);
  t.strictSame(complaints, []);
});

t.test("a session is begun and ended from the live page", async (t) => {
  const room = await openRoom(t);
  const { page } = await openTab(t, browser, room.url);
  await page.getByLabel("Subject").fill("p-22");
  await page.getByLabel("Consent").fill("form-22");
  await page.getByRole("button", { name: "Begin a session" }).click();
  await page.getByText("with consent on record").waitFor();
  t.match(room.daemon.open, { subject: "p-22", consent: "form-22" });
  await page.getByRole("button", { name: "End the session" }).click();
  await page.getByText("None is open").waitFor();
  t.equal(room.daemon.open, undefined);
});

t.test("review: by the keyboard alone, with undo", async (t) => {
  const room = await openRoom(t);
  fill(room);
  const { page, foreign, complaints } = await openTab(t, browser, `${room.url}#/review`);
  const labels = () => room.history.currentLabels().map(({ decision }) => decision);
  await page.getByText("Is it a micro-expression?").waitFor();
  await page.getByText("0 of 5 labelled").waitFor();
  t.strictSame(await faultsOf(page), []);
  await page.keyboard.press("r");
  await page.getByText("1 of 5 labelled").waitFor();
  await page.keyboard.press("x");
  await page.getByText("2 of 5 labelled").waitFor();
  t.strictSame(labels().sort(), ["not_real", "real"]);
  await page.keyboard.press("z");
  await page.getByText("1 of 5 labelled").waitFor();
  t.strictSame(labels(), ["real"]);
  await isDrawn(page);
  await page.keyboard.press("n");
  await page.keyboard.type("brow flash, rx");
  await page.keyboard.press("Escape");
  await page.keyboard.press("u");
  await page.getByText("2 of 5 labelled").waitFor();
  t.match(room.history.currentLabels(), [{ note: "" }, { note: "brow flash, rx", decision: "unsure" }]);
  t.strictSame(foreign, []);
  t.strictSame(complaints, []);
});

t.test("review: marks move with arrow keys and with the mouse, and go into the label", async (t) => {
  const room = await openRoom(t);
  fill(room, 1);
  const { page } = await openTab(t, browser, `${room.url}#/review`);
  const onset = page.getByRole("slider", { name: "onset" });
  await onset.focus();
  const found = Number(await onset.getAttribute("aria-valuenow"));
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Shift+ArrowLeft");
  t.equal(Number(await onset.getAttribute("aria-valuenow")), found - 60);
  const offset = page.getByRole("slider", { name: "offset" });
  const before = Number(await offset.getAttribute("aria-valuenow"));
  const box = await offset.boundingBox();
  if (box === null) throw new Error("the handle is nowhere");
  await page.mouse.move(box.x + box.width / 2, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 80, box.y + 60, { steps: 4 });
  await page.mouse.up();
  const after = Number(await offset.getAttribute("aria-valuenow"));
  t.ok(after > before + 20, `${before} became ${after}`);
  await page.getByRole("button", { name: /^Real/ }).click();
  await page.getByText("Saved").waitFor();
  t.match(room.history.currentLabels(), [{ onsetMs: found - 60, offsetMs: after }]);
});

t.test("a second tab sees what the first one labelled", async (t) => {
  const room = await openRoom(t);
  fill(room);
  const first = await openTab(t, browser, `${room.url}#/review`);
  await first.page.getByText("0 of 5 labelled").waitFor();
  await first.page.keyboard.press("r");
  await first.page.getByText("1 of 5 labelled").waitFor();
  const second = await openTab(t, browser, `${room.url}#/review`);
  await second.page.getByText("1 of 5 labelled").waitFor();
  t.pass("it does");
});

t.test("a session's page shows its timeline and gaps, keeps a note, and deletes", async (t) => {
  const room = await openRoom(t);
  const id = fill(room);
  const { page, complaints } = await openTab(t, browser, `${room.url}#/sessions`);
  await page.getByRole("cell", { name: "p-017" }).waitFor();
  t.strictSame(await faultsOf(page), []);
  await page.getByRole("row").nth(1).getByRole("link").click();
  await page.getByRole("figure", { name: /5 events; a face could be judged for 20 s/ }).waitFor();
  await page.getByText("no face", { exact: true }).waitFor();
  await page.getByLabel("Note").fill("restless");
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForFunction(() => document.querySelector(".note [role=status]")?.textContent === "");
  t.equal(room.history.session(id)?.note, "restless");
  t.strictSame(await faultsOf(page), []);
  await page.getByRole("button", { name: "Delete this session…" }).click();
  await page.getByRole("button", { name: "Delete it" }).click();
  await page.getByText(/Deleted on .* by local: 5 events/).waitFor();
  t.ok(room.history.session(id)?.deletion);
  t.strictSame(complaints, []);
});

t.test("it fits a phone, in the dark, and asks for calm", async (t) => {
  const room = await openRoom(t);
  t.teardown(feed(room));
  fill(room);
  const options = {
    viewport: { width: 360, height: 740 },
    colorScheme: "dark",
    reducedMotion: "reduce",
  } as const;
  for (const path of ["#/live", "#/sessions", "#/review"]) {
    const { page } = await openTab(t, browser, room.url + path, options);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForTimeout(200);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    t.ok(wide <= 0, `${path} is ${wide} px too wide`);
    t.strictSame(await faultsOf(page), [], path);
  }
});

t.test("eight hours of events: the list stays light and scrolls to its end", async (t) => {
  const room = await openRoom(t);
  for (let i = 1; i <= 2000; i++) room.history.add(raised(i * 14_000));
  const { page } = await openTab(t, browser, `${room.url}#/review`);
  await page.locator(".queue li").nth(150).waitFor({ state: "attached" });
  const slow = await page.evaluate(async () => {
    const list = document.querySelector(".queue") as HTMLElement;
    let slow = 0;
    let frames = 0;
    let last = performance.now();
    const end = last + 3000;
    await new Promise<void>((resolve) => {
      const step = (now: number) => {
        frames++;
        if (now - last > 100) slow++;
        last = now;
        list.scrollTop += 200;
        if (now < end) requestAnimationFrame(step);
        else resolve();
      };
      requestAnimationFrame(step);
    });
    return { slow, frames };
  });
  t.comment(`${slow.frames} frames in 3 s, ${slow.slow} of them late`);
  await page.waitForFunction(() => {
    const list = document.querySelector(".queue") as HTMLElement;
    list.scrollTop = list.scrollHeight;
    return list.querySelectorAll("li").length === 2001;
  });
  t.pass("all of them are there");
});

t.test("a login is asked for where there are users", async (t) => {
  const { hashPassword, writeUser } = await import("../../src/console/index.js");
  const usersFile = `${t.testdir()}/users`;
  await writeUser(usersFile, { name: "ada", role: "review", hash: await hashPassword("correct horse battery") });
  const room = await openRoom(t, { usersFile });
  fill(room);
  const { page } = await openTab(t, browser, `${room.url}#/review`);
  t.strictSame(await faultsOf(page), []);
  await page.getByLabel("Name").fill("ada");
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByText("wrong name or password").waitFor();
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByText("Is it a micro-expression?").waitFor();
  await page.keyboard.press("r");
  await page.getByText("1 of 5 labelled").waitFor();
  t.match(room.history.currentLabels(), [{ reviewer: "ada" }]);
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByLabel("Password").waitFor();
});
