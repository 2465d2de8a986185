import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../../support/free-port.js";
import { until } from "../../support/logs.js";
import { KEPT, NotFetched } from "../../support/npm-package.js";

const run = promisify(execFile);
/** The last one for Python 3.13.0; its integration of MQTT and its pages want these. */
const VERSION = "2025.4.4";
const PACKAGES = [`homeassistant==${VERSION}`, "paho-mqtt==2.1.0", "home-assistant-frontend==20250411.0"];
/** Some of what it depends on is compiled. */
const INSTALL_MS = 25 * 60_000;

/** Python 3.13, which Debian 13 has: `PYTHON313`, in the path, or of pyenv. */
async function python313(): Promise<string> {
  const pyenv = join(homedir(), ".pyenv/versions");
  const versions = existsSync(pyenv) ? readdirSync(pyenv).filter((name) => name.startsWith("3.13.")) : [];
  const given = process.env["PYTHON313"];
  for (const python of [
    ...(given ? [given] : []),
    "python3.13",
    ...versions.map((name) => join(pyenv, name, "bin/python")),
  ])
    if (await run(python, ["-c", "import sys; sys.exit(sys.version_info[:2] != (3, 13))"]).catch(() => undefined))
      return python;
  throw new NotFetched("Home Assistant needs Python 3.13, whose path PYTHON313 may give");
}

/** @throws NotFetched where it is not here yet, and there is no Python for it or PyPI does not give it */
async function installed(): Promise<string> {
  const kept = join(KEPT, `home-assistant-${VERSION}`);
  if (existsSync(kept)) return kept;
  const python = await python313();
  await mkdir(KEPT, { recursive: true });
  const work = await mkdtemp(join(KEPT, ".unfinished-"));
  try {
    await run(python, ["-m", "venv", work]);
    const install = ["-m", "pip", "install", "--quiet", "--prefer-binary", ...PACKAGES];
    await run(join(work, "bin/python"), install, { timeout: INSTALL_MS, maxBuffer: 1e8 }).catch((thrown: Error) => {
      throw new NotFetched(`PyPI does not give Home Assistant: ${thrown.message.split("\n").slice(0, 2).join(" ")}`);
    });
    await rename(work, kept);
    return kept;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

interface Entity {
  readonly entity_id: string;
  readonly state: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A real Home Assistant on loopback, with a user, who has logged in. */
export class HomeAssistant {
  readonly log: string[] = [];
  private token = "";
  private readonly ended: Promise<unknown>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly url: string,
  ) {
    this.ended = once(child, "exit");
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => this.log.push(String(text)));
  }

  /**
   * @param directory of its configuration
   * @param configuration further lines of configuration.yaml
   * @throws NotFetched
   */
  static async start(directory: string, configuration: string): Promise<HomeAssistant> {
    const python = join(await installed(), "bin/python");
    const port = await freePort();
    const http = `http:\n  server_host: 127.0.0.1\n  server_port: ${port}\nconfig:\nhistory:\n`;
    await writeFile(join(directory, "configuration.yaml"), http + configuration);
    const child = spawn(python, ["-m", "homeassistant", "--config", directory, "--skip-pip"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const made = new HomeAssistant(child, `http://127.0.0.1:${port}`);
    try {
      await made.logIn();
    } catch (thrown) {
      await made.stop();
      throw new Error(`Home Assistant does not start: ${made.log.join("")}`, { cause: thrown });
    }
    return made;
  }

  /** Connects it to a broker, by the form that a person fills in. */
  async connect(broker: { readonly port: number }): Promise<void> {
    const flow = "/api/config/config_entries/flow";
    const { flow_id } = (await this.post(flow, { handler: "mqtt" })) as { flow_id: string };
    const made = (await this.post(`${flow}/${flow_id}`, { broker: "127.0.0.1", port: broker.port })) as {
      type: string;
    };
    if (made.type !== "create_entry") throw new Error(`Home Assistant does not connect: ${JSON.stringify(made)}`);
  }

  /** Calls one of its services. */
  async call(domain: string, service: string): Promise<void> {
    await this.post(`/api/services/${domain}/${service}`, {});
  }

  /** The entities whose id begins so after its kind, by their id. */
  async entities(prefix: string): Promise<Map<string, Entity>> {
    const all = (await this.ask("/api/states")) as readonly Entity[];
    const wanted = all.filter(({ entity_id }) => entity_id.split(".")[1]?.startsWith(prefix));
    return new Map(wanted.map((entity) => [entity.entity_id, entity]));
  }

  /** What any of its services is called with from now on, as text. */
  async heard(signal: AbortSignal): Promise<string[]> {
    const headers = { authorization: `Bearer ${this.token}` };
    const { body } = await fetch(`${this.url}/api/stream?restrict=call_service`, { headers, signal });
    const calls: string[] = [];
    const reader = body?.getReader();
    const read = async () => {
      for (let piece = await reader?.read(); piece?.value !== undefined; piece = await reader?.read())
        calls.push(Buffer.from(piece.value).toString());
    };
    void read().catch(() => undefined);
    return calls;
  }

  async stop(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.ended;
  }

  private async logIn(): Promise<void> {
    const client_id = `${this.url}/`;
    const user = { client_id, name: "Test", username: "test", password: "secret of test", language: "en" };
    let code = "";
    await until(async () => {
      if (this.child.exitCode !== null) throw new Error("it has ended");
      const made = await this.post("/api/onboarding/users", user).catch(() => undefined);
      code = (made as { auth_code?: string } | undefined)?.auth_code ?? "";
      return code !== "";
    }, 180_000);
    const body = new URLSearchParams({ grant_type: "authorization_code", code, client_id });
    this.token = ((await this.ask("/auth/token", { method: "POST", body })) as { access_token: string }).access_token;
  }

  private async post(path: string, body: object): Promise<unknown> {
    const headers = { "content-type": "application/json" };
    return await this.ask(path, { method: "POST", body: JSON.stringify(body), headers });
  }

  private async ask(path: string, init: RequestInit = {}): Promise<unknown> {
    const headers = { ...init.headers, ...(this.token && { authorization: `Bearer ${this.token}` }) };
    const answer = await fetch(this.url + path, { ...init, headers });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return await answer.json();
  }
}
