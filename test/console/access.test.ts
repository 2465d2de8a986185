import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { hashPassword, type Role, roles, writeUser } from "../../src/console/index.js";
import { raised, sampleSession } from "../support/history.js";
import { openRoom, type Room, sending } from "./support/room.js";

const PASSWORD = "correct horse battery";

/** A console that three people may log in to, one a role. */
async function guarded(t: Test): Promise<Room> {
  const usersFile = join(t.testdir({}), "users");
  const hash = await hashPassword(PASSWORD);
  for (const role of roles) await writeUser(usersFile, { name: `the-${role}`, role, hash });
  return await openRoom(t, { usersFile });
}

async function cookieOf(room: Room, name: string, password = PASSWORD): Promise<string> {
  const response = await room.ask("/api/login", sending("POST", { name, password }));
  if (response.status !== 204) throw new Error(`no login: ${response.status} ${await response.text()}`);
  return (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
}

t.test("no route lets anybody in without its role", async (t) => {
  const room = await guarded(t);
  const session = sampleSession();
  room.history.beginSession(session);
  const movement = raised(1, session.id);
  room.history.add(movement);
  const cookies = new Map<Role, string>();
  for (const role of roles) cookies.set(role, await cookieOf(room, `the-${role}`));
  const open = new Set(["/", "/app.js", "/app.css", "/icon.svg", "/api/me", "/api/login", "/api/logout"]);
  t.ok(room.console.routes.length > 15);
  for (const { method, url, role } of room.console.routes.filter(({ method }) => method !== "HEAD")) {
    if (role === "anyone") {
      t.ok(open.has(url), `${method} ${url} is meant for everyone`);
      continue;
    }
    const path = url.replace(":id", movement.id);
    const stranger = await room.ask(path, { method });
    t.equal(stranger.status, 401, `${method} ${url} without a login`);
    const forged = await room.ask(path, { method, headers: { cookie: `flinch-login=${"A".repeat(43)}` } });
    t.equal(forged.status, 401, `${method} ${url} with a made-up cookie`);
    for (const lesser of roles.slice(0, roles.indexOf(role))) {
      const response = await room.ask(path, { method, headers: { cookie: cookies.get(lesser) ?? "" } });
      t.equal(response.status, 403, `${method} ${url} as ${lesser}`);
    }
    if (url === "/api/live") continue;
    const allowed = await room.ask(path, { method, headers: { cookie: cookies.get(role) ?? "" } });
    t.notMatch([401, 403], [allowed.status], `${method} ${url} as ${role}`);
  }
});

t.test("a password is asked for slowly, and a login ends", async (t) => {
  const room = await guarded(t);
  const attempt = (password: string) => room.ask("/api/login", sending("POST", { name: "the-view", password }));
  const cookie = await cookieOf(room, "the-view");
  const me = async (cookie: string) => await (await room.ask("/api/me", { headers: { cookie } })).json();
  t.match(await me(cookie), { login: true, visitor: { name: "the-view", role: "view" } });
  t.equal((await attempt("wrong")).status, 401);
  t.equal((await attempt("wrong")).status, 401);
  t.equal((await attempt("wrong")).status, 401);
  const slowed = await attempt(PASSWORD);
  t.equal(slowed.status, 429, "even the right one has to wait now");
  t.ok(Number(slowed.headers.get("retry-after")) >= 1);
  t.match(await me(cookie), { visitor: { name: "the-view" } }, "who is in stays in");
  await room.ask("/api/logout", { method: "POST", headers: { cookie } });
  t.match(await me(cookie), { visitor: null });
});

t.test("an unknown name is answered as a wrong password is", async (t) => {
  const room = await guarded(t);
  const answers = ["nobody", "the-view"].map(async (name) => {
    const response = await room.ask("/api/login", sending("POST", { name, password: "wrong" }));
    return [response.status, await response.text()];
  });
  const [unknown, known] = await Promise.all(answers);
  t.strictSame(unknown, known);
});

t.test("who is taken out of the file is out", async (t) => {
  const usersFile = join(t.testdir({}), "users");
  const hash = await hashPassword(PASSWORD);
  await writeUser(usersFile, { name: "ada", role: "operate", hash });
  const room = await openRoom(t, { usersFile });
  const cookie = await cookieOf(room, "ada");
  t.equal((await room.ask("/api/sessions", { headers: { cookie } })).status, 200);
  await writeUser(usersFile, { name: "ada", role: "view", hash });
  t.equal((await room.ask("/api/agreement", { headers: { cookie } })).status, 403, "a lesser role counts at once");
  writeFileSync(usersFile, "");
  t.equal((await room.ask("/api/sessions", { headers: { cookie } })).status, 401);
});

t.test("the cookie is for this site and for no script", async (t) => {
  const room = await guarded(t);
  const response = await room.ask("/api/login", sending("POST", { name: "the-view", password: PASSWORD }));
  const cookie = response.headers.get("set-cookie") ?? "";
  for (const attribute of ["HttpOnly", "Secure", "SameSite=Strict", "Path=/"]) t.match(cookie, attribute);
});

t.test("other sites get nothing", async (t) => {
  const room = await openRoom(t);
  const { host } = new URL(room.url);
  const refused = async (headers: Record<string, string>, method = "GET", path = "/api/sessions") => {
    const response = await room.ask(path, { method, headers });
    t.equal(response.status, 403, `${method} with ${JSON.stringify(headers)}`);
    t.match(await response.json(), { error: { code: "FOREIGN" } });
  };
  await refused({ origin: "https://evil.example" });
  await refused({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" });
  await refused({ "sec-fetch-site": "same-site" }, "POST", "/api/sessions/stop");
  const bare = await fetch(new URL("/api/sessions/stop", room.url), { method: "POST" });
  t.equal(bare.status, 403, "a form of another site sends no header of ours");
  const own = await room.ask("/api/sessions/stop", { method: "POST", headers: { origin: `http://${host}` } });
  t.equal(own.status, 409, "its own page gets through: no session is open");
});

t.test("a name that was rebound to this machine gets nothing", async (t) => {
  const room = await openRoom(t);
  const { request } = await import("node:http");
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const { hostname, port } = new URL(room.url);
    const asked = request(
      { hostname, port, path: "/api/sessions", headers: { host: `evil.example:${port}` } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    asked.on("error", reject).end();
  });
  t.equal(status, 403);
});

t.test("every answer carries the policy that keeps strangers out", async (t) => {
  const room = await openRoom(t);
  for (const path of ["/", "/app.js", "/api/sessions", "/nowhere"]) {
    const { headers } = await room.ask(path);
    const policy = headers.get("content-security-policy") ?? "";
    t.match(policy, "default-src 'none'", path);
    t.match(policy, "frame-ancestors 'none'", path);
    t.notMatch(policy, "unsafe", path);
    t.notMatch(policy, "http", path);
    t.equal(headers.get("x-content-type-options"), "nosniff", path);
  }
  t.equal((await room.ask("/api/sessions")).headers.get("cache-control"), "no-store");
});

t.test("a file of users that cannot be used is refused at the start", async (t) => {
  const directory = t.testdir({ users: "ada operate letmein\n", empty: "" });
  const opening = (usersFile: string) => openRoom(t, { usersFile });
  await t.rejects(opening(join(directory, "none")), { code: "USERS_UNREADABLE", message: /cannot be read/ });
  chmodSync(join(directory, "users"), 0o600);
  await t.rejects(opening(join(directory, "users")), { code: "USERS_UNREADABLE", message: /line 1/ });
  chmodSync(join(directory, "empty"), 0o644);
  await t.rejects(opening(join(directory, "empty")), { code: "USERS_UNREADABLE", message: /chmod 600/ });
});

t.test("a port that is taken is said", async (t) => {
  const room = await openRoom(t);
  const { host } = new URL(room.url);
  await t.rejects(openRoom(t, { listen: host }), { code: "CONSOLE_UNAVAILABLE", message: /console\.listen/ });
});
