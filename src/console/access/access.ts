import type { FastifyReply, FastifyRequest } from "fastify";
import { FlinchError } from "../../lib/errors.js";
import type { Logger } from "../../lib/logger.js";
import { Logins, type Visitor } from "./logins.js";
import { hashPassword, isPassword } from "./password.js";
import { type Role, suffices } from "./roles.js";
import { foreign } from "./same-origin.js";
import { Throttle } from "./throttle.js";
import { readUsers } from "./users-file.js";

const COOKIE = "flinch-login";

/** Whoever sits at this machine, where nobody logs in. */
const LOCAL: Visitor = { name: "local", role: "operate" };

declare module "fastify" {
  interface FastifyContextConfig {
    /** What the route needs; missing where it is for everyone. */
    readonly role?: Role;
  }
}

/** Who may do what. */
export class Access {
  private readonly logins = new Logins();
  private readonly throttle = new Throttle();
  /** So that an unknown name takes as long as a wrong password. */
  private readonly nobody = hashPassword("");

  /** @param usersFile "" where everyone on this machine may do everything */
  constructor(
    private readonly usersFile: string,
    private readonly log: Logger,
  ) {}

  get isOpen(): boolean {
    return this.usersFile === "";
  }

  /**
   * Proves that the file of users can be read.
   * @throws FlinchError USERS_UNREADABLE
   */
  async check(): Promise<void> {
    if (!this.isOpen) await readUsers(this.usersFile);
  }

  /** Whoever is behind a request; undefined where they have not logged in, or have been taken out of the file. */
  async visitor(request: FastifyRequest): Promise<Visitor | undefined> {
    if (this.isOpen) return LOCAL;
    const name = this.logins.nameOf(request.cookies[COOKIE] ?? "");
    const user = name === undefined ? undefined : (await readUsers(this.usersFile)).get(name);
    return user && { name: user.name, role: user.role };
  }

  /**
   * Lets a request to a route pass.
   * @throws FlinchError FOREIGN, LOGIN_NEEDED, ROLE_NEEDED
   */
  async admit(request: FastifyRequest): Promise<void> {
    const changes = request.method !== "GET" && request.method !== "HEAD";
    const why = foreign(request.headers, { changes, open: this.isOpen });
    if (why !== undefined) throw new FlinchError("FOREIGN", why);
    const { role } = request.routeOptions.config;
    if (role === undefined) return;
    const visitor = await this.visitor(request);
    if (visitor === undefined) throw new FlinchError("LOGIN_NEEDED", "log in first");
    if (!suffices(visitor.role, role))
      throw new FlinchError("ROLE_NEEDED", `this needs the role ${role}; ${visitor.name} has ${visitor.role}`);
  }

  /**
   * Logs somebody in and gives their browser its cookie.
   * @throws FlinchError LOGIN_WRONG; TOO_SOON after wrong passwords, without looking at this one
   */
  async login(name: string, password: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const attempts = [`name ${name}`, `address ${request.ip}`];
    const waitMs = Math.max(...attempts.map((who) => this.throttle.waitMs(who)));
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000);
      void reply.header("Retry-After", seconds);
      throw new FlinchError("TOO_SOON", `too many wrong passwords: try again in ${seconds} s`);
    }
    for (const who of attempts) this.throttle.begin(who);
    const user = (await readUsers(this.usersFile)).get(name);
    const right = await isPassword(password, user?.hash ?? (await this.nobody));
    if (user === undefined || !right) {
      for (const who of attempts) this.throttle.failed(who);
      this.log.warn({ address: request.ip }, "console: wrong name or password");
      throw new FlinchError("LOGIN_WRONG", "wrong name or password");
    }
    for (const who of attempts) this.throttle.succeeded(who);
    this.log.info({ user: name }, "console: logged in");
    // Browsers take loopback for secure, so the cookie is Secure everywhere.
    void reply.setCookie(COOKIE, this.logins.begin(name), {
      path: "/",
      httpOnly: true,
      secure: true,
      sameSite: "strict",
    });
  }

  logout(request: FastifyRequest, reply: FastifyReply): void {
    this.logins.end(request.cookies[COOKIE] ?? "");
    void reply.clearCookie(COOKIE, { path: "/" });
  }
}
