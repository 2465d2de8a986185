import { createHash, randomBytes } from "node:crypto";
import type { Role } from "./roles.js";

/** Whoever is behind a request. */
export interface Visitor {
  readonly name: string;
  readonly role: Role;
}

interface Login {
  readonly name: string;
  untilMs: number;
  readonly latestMs: number;
}

const HOUR_MS = 3_600_000;
/** Without a request for this long a login is over, and after a day in any case. */
const IDLE_MS = 8 * HOUR_MS;
const LONGEST_MS = 24 * HOUR_MS;
const MOST = 1000;

const digest = (token: string): string => createHash("sha256").update(token).digest("base64");

/** Who is logged in, by the token that their cookie holds; forgotten when the daemon ends. */
export class Logins {
  private readonly logins = new Map<string, Login>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** A token for somebody whose password was right. */
  begin(name: string): string {
    const token = randomBytes(32).toString("base64url");
    const now = this.now();
    this.logins.set(digest(token), { name, untilMs: now + IDLE_MS, latestMs: now + LONGEST_MS });
    for (const oldest of this.logins.keys()) {
      if (this.logins.size <= MOST) break;
      this.logins.delete(oldest);
    }
    return token;
  }

  /** Who has this token; undefined where nobody has, or no longer. */
  nameOf(token: string): string | undefined {
    const key = digest(token);
    const login = this.logins.get(key);
    const now = this.now();
    if (login === undefined) return undefined;
    if (now > Math.min(login.untilMs, login.latestMs)) {
      this.logins.delete(key);
      return undefined;
    }
    login.untilMs = now + IDLE_MS;
    return login.name;
  }

  end(token: string): void {
    this.logins.delete(digest(token));
  }
}
