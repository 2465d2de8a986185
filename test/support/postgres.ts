import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { freePort } from "./free-port.js";
import { until } from "./logs.js";

const ROOT = "/usr/lib/postgresql";

/** Where Debian keeps the newest PostgreSQL's programs; undefined where there is none. */
function programs(): string | undefined {
  const versions = existsSync(ROOT) ? readdirSync(ROOT).sort((a, b) => Number(a) - Number(b)) : [];
  const newest = versions.at(-1);
  return newest === undefined ? undefined : join(ROOT, newest, "bin");
}

/** The server refuses to run as root: Debian's user for it does. */
const isRoot = process.getuid?.() === 0;
const asUser = (program: string, args: readonly string[]): [string, string[]] =>
  isRoot ? ["runuser", ["-u", "postgres", "--", program, ...args]] : [program, [...args]];

/** A real PostgreSQL on a free port of loopback, with a directory of its own. */
export class PostgresServer {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly bin: string,
    private readonly directory: string,
    readonly port: number,
  ) {}

  /** Undefined where PostgreSQL is not installed. */
  static async start(): Promise<PostgresServer | undefined> {
    const bin = programs();
    if (bin === undefined) return undefined;
    const directory = mkdtempSync(join(tmpdir(), "flinch-postgres-"));
    if (isRoot) {
      const ids = execFileSync("getent", ["passwd", "postgres"], { encoding: "utf8" }).split(":");
      chownSync(directory, Number(ids[2]), Number(ids[3]));
    }
    chmodSync(directory, 0o700);
    const options = ["-D", join(directory, "data"), "-U", "flinch", "--auth=trust", "--encoding=UTF8", "--no-sync"];
    execFileSync(...asUser(join(bin, "initdb"), options), { stdio: "ignore", cwd: "/" });
    const server = new PostgresServer(bin, directory, await freePort());
    await server.run();
    return server;
  }

  /** For `--to`: a database of its own for each name, made where it is missing. */
  async database(name: string): Promise<string> {
    const url = `postgres://flinch@127.0.0.1:${this.port}`;
    const client = new pg.Client(`${url}/postgres`);
    await client.connect();
    await client.query(`create database ${name}`);
    await client.end();
    return `${url}/${name}`;
  }

  /** Starts the process again, after `kill`. */
  async run(): Promise<void> {
    const options = ["-D", join(this.directory, "data"), "-p", String(this.port), "-k", this.directory];
    const [program, args] = asUser(join(this.bin, "postgres"), [...options, "-c", "listen_addresses=127.0.0.1"]);
    await until(async () => {
      // After a crash it refuses to start until the last child of the one before is gone.
      if (this.child === undefined || this.child.exitCode !== null)
        this.child = spawn(program, args, { stdio: "ignore", cwd: "/" });
      return this.answers();
    }, 60_000);
  }

  /** Kills the server as a crash would; its own children notice and end. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, "exit");
    process.kill(this.pid, "SIGKILL");
    await ended;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Of the server, whose children serve. */
  get pid(): number {
    return Number(readFileSync(join(this.directory, "data", "postmaster.pid"), "utf8").split("\n", 1)[0]);
  }

  private async answers(): Promise<boolean> {
    const client = new pg.Client(`postgres://flinch@127.0.0.1:${this.port}/postgres`);
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      return false;
    }
  }
}
