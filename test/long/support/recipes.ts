import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { freePort } from "../../support/free-port.js";
import type { Recipe } from "./spawned-broker.js";

/** NATS speaks MQTT 3.1.1 and keeps QoS 1 in JetStream. */
export const nats: Recipe = {
  name: "NATS",
  program: "/usr/sbin/nats-server",
  debian: "nats-server",
  prepare: async (port, directory) => {
    const lines = [
      `listen: "127.0.0.1:${await freePort()}"`,
      "server_name: flinch",
      `jetstream { store_dir: "${directory}/jetstream" }`,
      `mqtt { listen: "127.0.0.1:${port}" }`,
    ];
    return { args: ["-c", join(directory, "nats.conf")], files: { "nats.conf": `${lines.join("\n")}\n` } };
  },
};

/** RabbitMQ speaks MQTT 3.1.1 by a plug-in. */
export const rabbitmq: Recipe = {
  name: "RabbitMQ",
  // Not the one in /usr/sbin, which changes to a user that may not read the test's directory.
  program: "/usr/lib/rabbitmq/bin/rabbitmq-server",
  debian: "rabbitmq-server",
  prepare: async (port, directory) => {
    const [amqp, distribution, epmd] = [await freePort(), await freePort(), await freePort()];
    const lines = [
      `listeners.tcp.1 = 127.0.0.1:${amqp}`,
      `mqtt.listeners.tcp.1 = 127.0.0.1:${port}`,
      "mqtt.allow_anonymous = true",
    ];
    return {
      args: [],
      env: {
        // Its cookie lies there, and its epmd is not the machine's.
        HOME: directory,
        ERL_EPMD_PORT: String(epmd),
        RABBITMQ_NODENAME: "flinch@localhost",
        RABBITMQ_DIST_PORT: String(distribution),
        RABBITMQ_MNESIA_BASE: join(directory, "mnesia"),
        RABBITMQ_LOG_BASE: join(directory, "log"),
        RABBITMQ_CONFIG_FILE: join(directory, "rabbitmq.conf"),
        RABBITMQ_ENABLED_PLUGINS_FILE: join(directory, "plugins"),
      },
      files: { "rabbitmq.conf": `${lines.join("\n")}\n`, plugins: "[rabbitmq_mqtt].\n" },
      cleanUp: () => spawnSync("epmd", ["-port", String(epmd), "-kill"], { stdio: "ignore" }),
    };
  },
};
