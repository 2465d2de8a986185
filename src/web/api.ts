import type { Detection, Info, Session, SessionReport, State } from "../contract/index.js";
import type {
  Agreement,
  CoverageSpan,
  Excerpt,
  KeptMovement,
  Label,
  LabelWish,
  SessionRecord,
} from "../history/index.js";
import type { Movement } from "../pipeline/index.js";

/** Somebody who is logged in, or whoever sits at the machine. */
export interface Me {
  /** Whether people log in here at all. */
  readonly login: boolean;
  readonly visitor: { readonly name: string; readonly role: "view" | "review" | "operate" } | null;
}

/** A movement in a list. */
export interface ListedMovement {
  readonly id: string;
  readonly session: string | null;
  /** Wall clock of its apex, ms. */
  readonly atMs: number;
  readonly raised: boolean;
  readonly movement: Movement;
  /** What this reviewer says of it. */
  readonly decision: Label["decision"] | null;
}

export interface ReviewedMovement extends Omit<KeptMovement, "event"> {
  /** Null where none was raised. */
  readonly event: Pick<Detection, "model"> | null;
  /** Why it raised an event, or why not, where that is told. */
  readonly why?: string;
  /** Its face at onset and apex, as data URIs, where they were asked for. */
  readonly pictures?: { readonly onset: string; readonly apex: string };
  /** There is a video of it that this visitor may see. */
  readonly clip: boolean;
  readonly excerpt: Excerpt | null;
  readonly labels: readonly Label[];
}

/** Which movements are asked for, a page at a time. */
export interface MovementsQuery {
  readonly session?: string;
  readonly raised?: boolean;
  /** The last one of the page before. */
  readonly before?: number;
  readonly beforeId?: string;
  readonly reviewer: string;
  readonly limit?: number;
}

/** What a reviewer says; who, where people do not log in. */
export type LabelBody = Omit<LabelWish, "reviewer"> & { readonly reviewer?: string };

export interface SessionDetails extends SessionRecord {
  readonly coverage: readonly CoverageSpan[];
}

export interface Now {
  readonly version: string;
  readonly state: State | null;
  readonly info: Info | null;
}

/** A request that the console refused, in its own words. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

async function ask<T>(method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(path, {
    method,
    headers: { "X-Flinch": "1", ...(body && { "Content-Type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (response.status === 204) return undefined as T;
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer as T;
  const { error } = (answer ?? {}) as { error?: { code: string; message: string } };
  const refusal = new Refusal(
    response.status,
    error?.code ?? "",
    error?.message ?? `the console answered ${response.status}`,
  );
  if (response.status === 401) window.dispatchEvent(new Event("login-needed"));
  throw refusal;
}

/** What may stand in a query; undefined is left out. */
type Query = Readonly<Record<string, string | number | boolean | undefined>>;

function withQuery(path: string, query: Query): string {
  const known = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return known.length === 0 ? path : `${path}?${new URLSearchParams(known)}`;
}

/** What the review asks for, and tells: of a daemon's console, or of a page that is a file. */
export interface ReviewApi {
  movements(query: MovementsQuery): Promise<{ movements: ListedMovement[] }>;
  movement(id: string, reviewer: string): Promise<ReviewedMovement>;
  label(label: LabelBody): Promise<Label>;
  agreement(session?: string): Promise<Agreement>;
}

/** Everything that the pages ask of the console. */
export const api = {
  me: () => ask<Me>("GET", "/api/me"),
  login: (name: string, password: string) => ask<void>("POST", "/api/login", { name, password }),
  logout: () => ask<void>("POST", "/api/logout"),
  now: () => ask<Now>("GET", "/api/state"),
  sessions: (query: { before?: number; limit?: number } = {}) =>
    ask<{ sessions: SessionRecord[] }>("GET", withQuery("/api/sessions", query)),
  session: (id: string) => ask<SessionDetails>("GET", `/api/sessions/${id}`),
  startSession: (wish: object) => ask<Session>("POST", "/api/sessions", wish),
  stopSession: () => ask<SessionReport>("POST", "/api/sessions/stop"),
  note: (id: string, note: string) => ask<void>("PUT", `/api/sessions/${id}/note`, { note }),
  deleteSession: (id: string) => ask<{ deletion: SessionRecord["deletion"] }>("DELETE", `/api/sessions/${id}`),
  movements: (query: MovementsQuery) =>
    ask<{ movements: ListedMovement[] }>("GET", withQuery("/api/movements", { ...query })),
  movement: (id: string, reviewer: string) =>
    ask<ReviewedMovement>("GET", withQuery(`/api/movements/${id}`, { reviewer })),
  label: (label: LabelBody) => ask<Label>("POST", "/api/labels", label),
  agreement: (session?: string) => ask<Agreement>("GET", withQuery("/api/agreement", { session })),
};
