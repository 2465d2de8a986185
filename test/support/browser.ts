import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import type { Test } from "tap";

/** Debian's own. */
const EXECUTABLE = "/usr/bin/chromium";

/** A real browser for a test file, closed with it. */
export async function openBrowser(t: Test): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: EXECUTABLE, args: ["--no-sandbox", "--disable-gpu"] });
  t.teardown(() => browser.close());
  return browser;
}

/** Where pictures for the docs go: `PICTURES=docs/images npm test -- test/console/daemon.test.ts test/cli/analyze-report.test.ts`. */
const PICTURES = process.env["PICTURES"];

/** Takes a picture of a page for the docs, where somebody wants them. */
export async function picture(page: Page, name: string, afterMs = 0): Promise<void> {
  if (PICTURES === undefined) return;
  await page.waitForTimeout(afterMs);
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

/** A tab, and everything about it that must not be. */
export interface Tab {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Requests to anywhere but the console. */
  readonly foreign: string[];
  /** Errors and refusals of the browser's console. */
  readonly complaints: string[];
}

/** Opens an address in a context of its own. */
export async function openTab(
  t: Test,
  browser: Browser,
  url: string,
  options: Parameters<Browser["newContext"]>[0] = {},
): Promise<Tab> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 860 },
    ignoreHTTPSErrors: true,
    ...options,
  });
  t.teardown(() => context.close());
  const page = await context.newPage();
  const foreign: string[] = [];
  const complaints: string[] = [];
  const { origin } = new URL(url);
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== origin) foreign.push(request.url());
  });
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(url);
  return { page, context, foreign, complaints };
}
