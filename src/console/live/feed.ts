import type { ServerResponse } from "node:http";

/** With more than this waiting for it a client gets no motion until it has caught up. */
const BEHIND_BYTES = 32 * 1024;
/** With more than this it is dropped: it does not read. Its browser comes back by itself. */
const LOST_BYTES = 1024 * 1024;
/** A client that takes nothing for so long is dropped as well. */
const STUCK_MS = 30_000;
const HEARTBEAT_MS = 10_000;

interface Client {
  readonly response: ServerResponse;
  /** Since when something waits for it; 0 where nothing does. */
  waitingSinceMs: number;
}

/** How the feed has fared with its clients. */
export interface FeedStats {
  readonly clients: number;
  /** Messages of motion that a slow client went without. */
  readonly thinned: number;
  /** Clients that did not read. */
  readonly dropped: number;
}

/**
 * Server-sent events (WHATWG HTML, 9.2) for any number of browsers, of which none is waited for: one that is slow goes
 * without motion, one that does not read is dropped.
 */
export class Feed {
  private readonly clients = new Set<Client>();
  private heartbeat: NodeJS.Timeout | undefined;
  private thinned = 0;
  private dropped = 0;

  constructor(private readonly maxClients: number) {}

  get isWatched(): boolean {
    return this.clients.size > 0;
  }

  get isFull(): boolean {
    return this.clients.size >= this.maxClients;
  }

  stats(): FeedStats {
    return { clients: this.clients.size, thinned: this.thinned, dropped: this.dropped };
  }

  /** Sends everything from now on to this response, until its browser leaves. */
  join(response: ServerResponse, welcome: object): void {
    const client: Client = { response, waitingSinceMs: 0 };
    response.on("drain", () => {
      client.waitingSinceMs = 0;
    });
    response.once("close", () => this.leave(client));
    response.on("error", () => this.leave(client));
    this.clients.add(client);
    this.heartbeat ??= setInterval(() => this.beat(), HEARTBEAT_MS).unref();
    response.write("retry: 1000\n\n");
    this.write(client, messageOf("welcome", welcome));
  }

  /** Something that no client goes without. */
  tell(kind: string, data: object): void {
    if (this.clients.size === 0) return;
    const message = messageOf(kind, data);
    for (const client of this.clients) this.write(client, message);
  }

  /** Something that the next one makes up for. */
  show(kind: string, data: object): void {
    if (this.clients.size === 0) return;
    const message = messageOf(kind, data);
    for (const client of this.clients) {
      if (client.response.writableLength > BEHIND_BYTES) this.thinned++;
      else this.write(client, message);
    }
  }

  /** Ends every response. May be called twice. */
  stop(): void {
    clearInterval(this.heartbeat);
    for (const { response } of this.clients) response.end();
    this.clients.clear();
  }

  private write(client: Client, message: string): void {
    const { response } = client;
    if (!response.write(message) && client.waitingSinceMs === 0) client.waitingSinceMs = performance.now();
    if (response.writableLength > LOST_BYTES) this.drop(client);
  }

  private beat(): void {
    const now = performance.now();
    for (const client of this.clients) {
      if (client.waitingSinceMs > 0 && now - client.waitingSinceMs > STUCK_MS) this.drop(client);
      else this.write(client, ": still here\n\n");
    }
  }

  private drop(client: Client): void {
    this.dropped++;
    this.leave(client);
    client.response.destroy();
  }

  private leave(client: Client): void {
    this.clients.delete(client);
    if (this.clients.size > 0) return;
    clearInterval(this.heartbeat);
    this.heartbeat = undefined;
  }
}

// JSON has no line break outside of its strings, and escapes those inside.
const messageOf = (kind: string, data: object): string => `event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`;
