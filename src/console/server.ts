import { readFile } from "node:fs/promises";
import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import Fastify, { type FastifyInstance } from "fastify";
import { FlinchError, reasonOf } from "../lib/errors.js";
import { listenAddressText } from "../lib/listen-address.js";
import { listenOn } from "../lib/listen-on.js";
import type { Logger } from "../lib/logger.js";
import { metricsPlugin } from "../metrics/index.js";
import { Access } from "./access/access.js";
import type { Role } from "./access/roles.js";
import { answerFailures } from "./failures.js";
import { Feed } from "./live/feed.js";
import { LiveView } from "./live/live-view.js";
import type { ConsoleParts, ConsoleSettings, DaemonAtWork } from "./parts.js";
import { assetRoutes } from "./routes/assets.js";
import { evidenceRoutes } from "./routes/evidence.js";
import { fileRoutes } from "./routes/files.js";
import { liveRoutes } from "./routes/live.js";
import { loginRoutes } from "./routes/login.js";
import { reviewRoutes } from "./routes/review.js";
import { sessionRoutes } from "./routes/sessions.js";
import { checkRequests } from "./validation.js";

/** Longest body, in bytes: a note is the longest thing that anybody sends. */
const MAX_BODY = 16 * 1024;
/** Requests a minute from one address, the pages' own included. */
const MAX_PER_MINUTE = 1200;
const STATE_EVERY_MS = 1000;

/** Nothing from anywhere else, nothing inline, and nobody puts the console into a page of theirs. */
const POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  mediaSrc: ["'self'"],
  connectSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
} as const;

/** A way into the console. */
export interface Route {
  readonly method: string;
  readonly url: string;
  readonly role: Role | "anyone";
}

/** The web console: a small HTTP server over what the daemon knows. It waits for no browser. */
export class Console {
  private state: NodeJS.Timeout | undefined;

  private constructor(
    /** Where it is, as a person types it. */
    readonly url: string,
    /** What the pipeline and the outbox tell it. */
    readonly live: LiveView,
    /** Every route, and what role it takes. */
    readonly routes: readonly Route[],
    private readonly feed: Feed,
    private readonly app: FastifyInstance,
  ) {}

  /**
   * Opens the console.
   * @throws FlinchError CONSOLE_UNAVAILABLE where it cannot listen, USERS_UNREADABLE
   */
  static async open(settings: ConsoleSettings, parts: ConsoleParts): Promise<Console> {
    const access = new Access(settings.usersFile, parts.log);
    await access.check();
    const feed = new Feed(settings.maxClients);
    const live = new LiveView(feed, {
      wallMs: (timeMs) => parts.daemon?.wallMs(timeMs) ?? timeMs,
      outline: settings.face === "outline",
    });
    const routes: Route[] = [];
    const app = await appOf(settings, parts, access, feed, (route) => routes.push(route));
    const url = await listen(app, settings);
    const console = new Console(url, live, routes, feed, app);
    if (parts.daemon) console.follow(parts.daemon, parts.log);
    return console;
  }

  /** May be called twice. */
  async close(): Promise<void> {
    clearInterval(this.state);
    this.live.stop();
    this.feed.stop();
    await this.app.close();
  }

  private follow(daemon: DaemonAtWork, log: Logger): void {
    this.live.start();
    this.state = setInterval(() => {
      if (!this.feed.isWatched) return;
      try {
        this.feed.tell("state", { state: daemon.state(), feed: this.feed.stats() });
      } catch (err) {
        // A page that misses a state must not end the daemon.
        log.error({ err }, "console: the state cannot be told");
      }
    }, STATE_EVERY_MS).unref();
  }
}

async function appOf(
  settings: ConsoleSettings,
  parts: ConsoleParts,
  access: Access,
  feed: Feed,
  onRoute: (route: Route) => void,
): Promise<FastifyInstance> {
  const { certFile, keyFile } = settings.tls;
  const https = certFile === "" ? null : { cert: await pem(certFile), key: await pem(keyFile), minVersion: "TLSv1.2" };
  const app: FastifyInstance = Fastify({
    https,
    bodyLimit: MAX_BODY,
    logger: false,
    // A browser that keeps its live view open must not keep the daemon from ending.
    forceCloseConnections: true,
    requestTimeout: 30_000,
  } as object);
  app.addHook("onRoute", (options) => {
    // The plugin lets everyone in.
    if (options.url === "/metrics") options.config = { ...options.config, role: "view" };
    const { method, url, config } = options;
    for (const each of [method].flat()) onRoute({ method: each, url, role: config?.role ?? "anyone" });
  });
  answerFailures(app, parts.log);
  checkRequests(app);
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: POLICY },
    // Over loopback there is no TLS to insist on.
    strictTransportSecurity: https !== null,
    referrerPolicy: { policy: "no-referrer" },
  });
  await app.register(cookie);
  await app.register(rateLimit, { max: MAX_PER_MINUTE, timeWindow: 60_000 });
  app.addHook("onRequest", async (request) => access.admit(request));
  app.addHook("onSend", async (_, reply) => {
    if (!reply.hasHeader("Cache-Control")) void reply.header("Cache-Control", "no-store");
  });
  assetRoutes(app);
  loginRoutes(app, access);
  liveRoutes(app, parts, settings, feed, access);
  sessionRoutes(app, parts, access);
  reviewRoutes(app, parts, access);
  fileRoutes(app, parts, access);
  evidenceRoutes(app, parts, access);
  if (parts.metrics) await app.register(metricsPlugin(parts.metrics));
  return app;
}

async function listen(app: FastifyInstance, { listen, tls }: ConsoleSettings): Promise<string> {
  const bound = await listenOn(app, "console.listen", listen, "CONSOLE_UNAVAILABLE");
  const host = bound.host === "localhost" ? "127.0.0.1" : bound.host;
  return `${tls.certFile === "" ? "http" : "https"}://${listenAddressText({ ...bound, host })}/`;
}

async function pem(file: string): Promise<Buffer> {
  return await readFile(file).catch((cause: unknown) => {
    throw new FlinchError("CONSOLE_UNAVAILABLE", `console.tls: '${file}' cannot be read: ${reasonOf(cause)}`, {
      cause,
    });
  });
}
