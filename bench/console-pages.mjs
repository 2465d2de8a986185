/**
 * How fast the console's pages are in a real browser: size of the script, first paint, and frames a second while a list
 * of eight hours of events scrolls. Needs /usr/bin/chromium; build first: `npm run setup`.
 *
 *   node bench/console-pages.mjs
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { Console } from "../dist/console/index.js";
import { History } from "../dist/history/index.js";

const HOURS = 8;
/** An event every fifteen seconds: far more than a face gives. */
const EVERY_MS = 15_000;
const PAINTS = 7;

const quiet = { debug() {}, info() {}, warn: console.warn, error: console.error };
const place = mkdtempSync(join(tmpdir(), "flinch-bench-"));
const history = History.open({ directory: place, log: quiet, maxBytes: 1e9 });
const began = Date.now() - HOURS * 3_600_000;
for (let at = 0; at < HOURS * 3_600_000; at += EVERY_MS) {
  const movement = { face: 1, verdict: "none", apexMs: at, onsetMs: at - 90, offsetMs: at + 110, score: 0.6 };
  const seen = { ...movement, regions: [], context: [] };
  history.add({ id: randomUUID(), session: null, atMs: began + at, movement: seen, event: null });
}
const settings = {
  listen: "127.0.0.1:0",
  usersFile: "",
  tls: { certFile: "", keyFile: "" },
  face: "none",
  maxClients: 8,
};
const served = await Console.open(settings, { log: quiet, history });
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });

async function firstPaint() {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(() => localStorage.setItem("review-kind", "all"));
  await page.goto(`${served.url}#/review`);
  await page.locator(".queue li").nth(20).waitFor({ state: "attached" });
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN);
  return { page, context, paint };
}

const paints = [];
for (let i = 0; i < PAINTS; i++) {
  const { context, paint } = await firstPaint();
  paints.push(paint);
  await context.close();
}
const { page } = await firstPaint();
const rate = await page.evaluate(async () => {
  const list = document.querySelector(".queue");
  let frames = 0;
  const began = performance.now();
  await new Promise((resolve) => {
    const step = (now) => {
      frames++;
      list.scrollTop += 60;
      if (now - began < 8000) requestAnimationFrame(step);
      else resolve();
    };
    requestAnimationFrame(step);
  });
  const items = list.querySelectorAll("li").length;
  return { perSecond: (1000 * frames) / (performance.now() - began), items };
});
const median = [...paints].sort((a, b) => a - b)[Math.floor(PAINTS / 2)];
console.log(
  `script: ${gzipSync(readFileSync(new URL("../dist/web/console.js", import.meta.url))).length} bytes, gzipped`,
);
console.log(
  `first paint: ${Math.round(median)} ms (${Math.round(Math.min(...paints))}–${Math.round(Math.max(...paints))})`,
);
console.log(
  `scrolling ${rate.items} of ${(HOURS * 3_600_000) / EVERY_MS} movements: ${rate.perSecond.toFixed(0)} frames/s`,
);
await browser.close();
await served.close();
history.close();
rmSync(place, { recursive: true, force: true });
