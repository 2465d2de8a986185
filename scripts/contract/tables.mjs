import { readFileSync } from "node:fs";
import { requests } from "../../dist/contract/request.js";
import { topics } from "../../dist/contract/topics.js";

const HOUR = 3600;

const row = (cells) => `| ${cells.join(" | ")} |`;
const table = (head, rows) => [row(head), `|${"---|".repeat(head.length)}`, ...rows.map(row)].join("\n");

const schema = (payload) => `[${payload}](schemas/${payload}.json)`;

function expiryOf({ expiresS }) {
  if (expiresS === undefined) return "no";
  return expiresS === 24 * HOUR ? "after a day" : `after ${expiresS / HOUR} hours`;
}

/** The device's own topics; who asks decides how long a request lives. */
const topicRows = () => [
  ...Object.values(topics)
    .filter(({ name }) => name !== undefined)
    .map((topic) => [
      `\`${topic.name}\``,
      topic.sender === "device" ? "from the device" : "to the device",
      topic.retained ? "yes" : "no",
      expiryOf(topic),
      schema(topic.payload),
    ]),
  ["`request/<name>`", "to the device", "no", "as the sender says", schema("request")],
  ["`response/<name>`", "from the device", "no", "no", schema("response")],
];

const tables = {
  topics: () => table(["topic", "direction", "retained", "expires", "payload"], topicRows()),
  requests: () =>
    table(
      ["name", "what it does"],
      Object.entries(requests).map(([name, { description }]) => [`\`${name}\``, description]),
    ),
};

/** A page with the tables between its markers made anew; throws where a marker is missing. */
export function withTables(path) {
  return Object.entries(tables).reduce(
    (page, [name, made]) => {
      const block = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
      if (!block.test(page)) throw new Error(`${path} has no markers for ${name}`);
      return page.replace(block, (_, begin, end) => `${begin}${made()}\n${end}`);
    },
    readFileSync(path, "utf8"),
  );
}
