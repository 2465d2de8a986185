const text = (value: string): Buffer => {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

function packet(first: number, body: Buffer): Buffer {
  const length: number[] = [];
  let rest = body.length;
  do {
    length.push((rest & 127) | (rest > 127 ? 128 : 0));
    rest >>= 7;
  } while (rest > 0);
  return Buffer.concat([Buffer.from([first, ...length]), body]);
}

/** As much of MQTT 3.1.1 as a publisher of QoS 1 needs. */
export class Mqtt {
  static readonly CONNACK = 2;
  static readonly PUBACK = 4;
  private rest: Buffer = Buffer.alloc(0);

  static connect(clientId: string): Buffer {
    // Protocol level 4, clean session, no probe: a device publishes more often than any broker asks for.
    return packet(0x10, Buffer.concat([text("MQTT"), Buffer.from([4, 2, 0, 0]), text(clientId)]));
  }

  static publish(topic: string, payload: string, id: number): Buffer {
    return packet(0x32, Buffer.concat([text(topic), Buffer.from([id >> 8, id & 255]), Buffer.from(payload)]));
  }

  /** The whole packets so far; those from a broker to a publisher are shorter than 128 bytes. */
  packets(bytes: Buffer): Buffer[] {
    let rest = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    const whole: Buffer[] = [];
    while (rest.length >= 2 && rest.length >= 2 + (rest[1] ?? 0)) {
      const end = 2 + (rest[1] ?? 0);
      whole.push(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
    this.rest = rest;
    return whole;
  }
}
