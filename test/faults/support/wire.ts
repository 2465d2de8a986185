import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

interface Connection {
  readonly near: Socket;
  readonly far: Socket;
  /** What arrives from these is dropped; the connection stays open. */
  readonly deaf: Set<Socket>;
}

/** The network between a client and a broker on this machine, with the faults that a test asks for. */
export class Wire {
  private readonly connections = new Set<Connection>();
  private refusing = false;
  private delayMs = 0;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async to(brokerPort: number): Promise<Wire> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (typeof address !== "object" || address === null) throw new Error("no port");
    const wire = new Wire(server, address.port);
    server.on("connection", (near) => wire.join(near, brokerPort));
    return wire;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  /** Lets no new connection through; those that are there stay. */
  refuse(): void {
    this.refusing = true;
  }

  /** Lets new connections through again. */
  accept(): void {
    this.refusing = false;
  }

  /** Ends the connections that are there. */
  cut(): void {
    for (const { near, far } of this.connections) {
      near.destroy();
      far.destroy();
    }
  }

  /** Makes the connections that are there half open: both ends believe in them, and nothing arrives any more. */
  swallow(what: "everything" | "answers"): void {
    for (const { near, far, deaf } of this.connections) {
      deaf.add(far);
      if (what === "everything") deaf.add(near);
    }
  }

  /** Everything arrives this much later, in each direction. */
  delay(ms: number): void {
    this.delayMs = ms;
  }

  close(): void {
    this.server.close();
    this.cut();
  }

  private join(near: Socket, brokerPort: number): void {
    near.on("error", () => undefined);
    if (this.refusing) {
      near.destroy();
      return;
    }
    const far = connect(brokerPort, "127.0.0.1");
    far.on("error", () => undefined);
    const connection: Connection = { near, far, deaf: new Set() };
    this.connections.add(connection);
    this.carry(connection, near, far);
    this.carry(connection, far, near);
  }

  private carry(connection: Connection, from: Socket, to: Socket): void {
    from.on("data", (data) => {
      if (connection.deaf.has(from)) return;
      if (this.delayMs === 0) to.write(data);
      else setTimeout(() => to.write(data), this.delayMs);
    });
    from.on("close", () => {
      // The end of a deaf side is not heard either.
      if (connection.deaf.has(from)) return;
      this.connections.delete(connection);
      setTimeout(() => to.destroy(), this.delayMs);
    });
  }
}
