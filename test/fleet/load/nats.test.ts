import t from "tap";
import { shortLoad } from "./support/short-load.js";

// RabbitMQ takes longer to start than all of this: it has its turn in test/long.
t.test("NATS, PostgreSQL: what is killed costs no row", (t) => shortLoad(t, { broker: "nats" }));
