// Holds a link to the broker at the given URL until it is killed.
import { MqttLink } from "../../src/mqtt/index.js";
import { linkOptions } from "./link.js";
import { Logs } from "./logs.js";

new MqttLink(linkOptions(process.argv[2] ?? ""), new Logs()).start();
