import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { payloads } from "../../dist/contract/payloads.js";
import { requests } from "../../dist/contract/request.js";
import { requestTopics, topics } from "../../dist/contract/topics.js";

const read = (name) => readFileSync(new URL(name, import.meta.url), "utf8");

/** Operations that are not called after the publishing of their channel. */
const OPERATIONS = {
  homeAssistant: "announceToHomeAssistant",
  configDesired: "applyConfig",
  groupConfigDesired: "applyGroupConfig",
};

const camel = (name) => name.replaceAll(/[_/]./g, ([, letter]) => letter.toUpperCase());
const capital = (name) => name[0].toUpperCase() + name.slice(1);
const to = (...path) => ({ $ref: `#/${path.join("/")}` });
const messageOf = (payload) => (payload === "home_assistant_device" ? "homeAssistant" : camel(payload));

function traitOf({ name, retained, expiresS }) {
  if (retained) return expiresS === undefined ? "retained" : "retainedForADay";
  return name?.startsWith("event/") ? "event" : "once";
}

/** A channel's own description: one message, and a parameter for each brace in its address. */
function channelOf({ name, address = `{prefix}/{device}/${name}`, description, payload }) {
  const message = messageOf(payload);
  const parameters = [...address.matchAll(/\{(\w+)\}/g)].map(([, each]) => [
    each,
    to("components", "parameters", each),
  ]);
  return {
    address,
    description,
    messages: { [message]: to("components", "messages", message) },
    parameters: Object.fromEntries(parameters),
  };
}

const messagesOn = (channel, payload) => [to("channels", channel, "messages", messageOf(payload))];

/** What the device does with the messages of a channel. */
function operationOf(channel, topic, reply) {
  return {
    action: topic.sender === "device" ? "send" : "receive",
    summary: topic.summary,
    channel: to("channels", channel),
    messages: messagesOn(channel, topic.payload),
    ...(reply !== undefined && { reply: { channel: to("channels", reply), messages: messagesOn(reply, "response") } }),
    traits: [to("components", "operationTraits", traitOf(topic))],
  };
}

/** The two channels and the one operation of a request. */
function asked(name) {
  const [request, response, operation] = [`request/${name}`, `response/${name}`, name].map(camel);
  const topic = {
    ...requestTopics[name],
    name: `request/${name}`,
    payload: "request",
    summary: requests[name].description,
  };
  const answers = { name: `response/${name}`, payload: "response", description: `Answers to request/${name}.` };
  return {
    channels: [
      [request, channelOf(topic)],
      [response, channelOf(answers)],
    ],
    operations: [[operation, operationOf(request, topic, response)]],
  };
}

/** Answers on a topic that is not named after a request that there is. */
const elsewhere = {
  name: "response/{name}",
  sender: "device",
  payload: "response",
  description:
    "Answers to an unknown request, and to one that names its own response topic (MQTT 5), which may have several levels.",
  summary: "Answers an unknown request, or on the topic that the request names",
};

const correlationId = {
  description: "Repeated in the response. With MQTT 5 the correlation data is repeated as well.",
  location: "$message.payload#/transaction",
};

const fromOperator = new Set(["config_desired", "request"]);

const messageNamed =
  (examples) =>
  ([payload, { title }]) => [
    messageOf(payload),
    {
      title,
      ...(["request", "response"].includes(payload) && { correlationId }),
      payload: { $ref: `./schemas/${payload}.json` },
      ...(fromOperator.has(payload)
        ? { contentType: "application/json" }
        : { traits: [to("components", "messageTraits", "fromDevice")] }),
      // As nodes, which keep their quotes: readers of YAML 1.1 take a bare timestamp for a date.
      examples: examples.get(payload),
    },
  ];

/** The text of docs/asyncapi.yaml. */
export function asyncapi() {
  const document = parseDocument(read("asyncapi.yaml"));
  const own = Object.entries(topics);
  const requested = Object.keys(requests).map(asked);
  const put = (path, entries) =>
    document.setIn(path, document.createNode(Object.fromEntries(entries), { aliasDuplicateObjects: false }));
  put(
    ["channels"],
    [
      ...own.map(([channel, topic]) => [channel, channelOf(topic)]),
      ...requested.flatMap(({ channels }) => channels),
      ["responseElsewhere", channelOf(elsewhere)],
    ],
  );
  const operations = own.map(([channel, topic]) => [
    OPERATIONS[channel] ?? `publish${capital(channel)}`,
    operationOf(channel, topic),
  ]);
  const sent = operations.filter(([, { action }]) => action === "send");
  const received = operations.filter(([, { action }]) => action === "receive");
  put(
    ["operations"],
    [
      ...sent,
      ...received,
      ["answerElsewhere", operationOf("responseElsewhere", elsewhere)],
      ...requested.flatMap((each) => each.operations),
    ],
  );
  put(["components", "messages"], Object.entries(payloads).map(messageNamed(parseDocument(read("examples.yaml")))));
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}
