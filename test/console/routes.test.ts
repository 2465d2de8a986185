import { readFileSync } from "node:fs";
import t from "tap";
import { openRoom } from "./support/room.js";

t.test("docs/console.md lists every route with its role", async (t) => {
  const room = await openRoom(t);
  const lines = room.console.routes
    .filter(({ method }) => method !== "HEAD")
    .map(({ method, url, role }) => `| \`${method} ${url}\` | ${role === "anyone" ? "everyone" : `\`${role}\``} |`);
  const expected = ["| route | for |", "|---|---|", ...lines].join("\n");
  const listed = /<!-- routes -->\n(.*)\n<!-- \/routes -->/s.exec(readFileSync("docs/console.md", "utf8"))?.[1];
  t.equal(listed, expected, `the table has to be:\n${expected}`);
});
