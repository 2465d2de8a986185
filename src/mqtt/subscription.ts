/** A message from the broker, as it came. */
export interface Inbound {
  /** Below `<prefix>/<device>/`, or the full topic where the subscription was to one. */
  readonly name: string;
  readonly payload: Buffer;
  readonly retained: boolean;
  /** MQTT 5: where the sender wants the answer, and what it recognises it by. */
  readonly responseTopic?: string;
  readonly correlationData?: Buffer;
}

export interface Subscription {
  /** Full topic or filter; one subscription each. */
  readonly filter: string;
  /** Called for every message in the order of arrival; must not throw. */
  readonly onMessage: (message: Inbound) => void;
  /** Called in place of `onMessage` where the payload is longer than `mqtt.maxPayloadBytes`; must not throw. */
  readonly onTooLong?: (message: Omit<Inbound, "payload">, bytes: number) => void;
}

/** True for a topic that a filter of MQTT (`+` for one level, `#` for the rest) takes in. */
export function matches(filter: string, topic: string): boolean {
  const levels = topic.split("/");
  const wanted = filter.split("/");
  for (const [i, level] of wanted.entries()) {
    if (level === "#") return true;
    if (i >= levels.length || (level !== "+" && level !== levels[i])) return false;
  }
  return wanted.length === levels.length;
}
