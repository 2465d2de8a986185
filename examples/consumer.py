"""A consumer of Flinch's events in Python.

Prints each expression once, says when events are missing, and tells a device that was stopped from
one that is gone:

    python3 examples/consumer.py broker.local 8883

FLINCH_USER, FLINCH_PASSWORD and FLINCH_CA (a file) say who connects, where the broker asks. Needs
paho-mqtt 1.6 or newer (Debian: python3-paho-mqtt).
"""

import json
import os
import signal
import sys
from collections import OrderedDict

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

# As many ids are remembered of each device; a repetition comes soon after the first.
REMEMBERED = 10_000
# A jump by more is a count that began anew, not so many events that are missing.
MOST_MISSING = 100_000
WEEK_S = 7 * 24 * 3600

WORDS = {
    "online": "is there",
    "stopped": "was stopped by someone",
    "offline": "is gone: a crash, power, the network",
}


def say(line: str) -> None:
    """Prints a line at once, whoever reads it."""
    print(line, flush=True)


class Events:
    """What is known of the events of one device."""

    def __init__(self, device: str) -> None:
        self.device = device
        self.ids: OrderedDict[str, int] = OrderedDict()
        self.missing: set[int] = set()
        self.last: int | None = None

    def take(self, event: dict) -> bool:
        """False for an event that came before; says which are missing before this one."""
        before = self.ids.get(event["id"])
        self.ids[event["id"]] = event["sequence"]
        if len(self.ids) > REMEMBERED:
            self.ids.popitem(last=False)
        # The same event under a new number, as of a file that is read once more, is not missing.
        if before != event["sequence"]:
            self.count(event["sequence"])
        return before is None

    def count(self, sequence: int) -> None:
        if sequence in self.missing:
            self.missing.remove(sequence)
            say(f"late {self.device} {sequence}")
            return
        following = sequence if self.last is None else self.last + 1
        if sequence < following or sequence - following > MOST_MISSING:
            # The device's directory was emptied: it counts from 1 again.
            self.missing.clear()
            say(f"restart {self.device} at {sequence}")
        elif sequence > following:
            say(f"gap {self.device} {following} to {sequence - 1}")
            self.missing.update(range(following, sequence))
        self.last = sequence


class Consumer:
    """Takes the messages of all devices apart."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.events: dict[str, Events] = {}
        self.boots: dict[str, str] = {}

    def on_connect(self, client: mqtt.Client, _userdata, _flags, reason, _properties=None) -> None:
        if reason != 0:
            print(f"no connection: {reason}", file=sys.stderr)
            return
        topics = ("event/micro_expression", "availability")
        client.subscribe([(f"{self.prefix}/+/{topic}", 1) for topic in topics])

    def on_subscribe(self, _client, _userdata, _mid, _reasons, _properties=None) -> None:
        say("listening")

    def on_message(self, _client, _userdata, message: mqtt.MQTTMessage) -> None:
        # An empty payload takes back what was retained: somebody removed the device.
        if not message.payload:
            return
        device = message.topic[len(self.prefix) + 1 :].split("/")[0]
        told = json.loads(message.payload)
        if message.topic.endswith("/availability"):
            self.availability(device, told)
        else:
            self.event(device, told)

    def event(self, device: str, event: dict) -> None:
        known = self.events.setdefault(device, Events(device))
        if not known.take(event):
            say(f"duplicate {device} {event['sequence']}")
            return
        # What an event says depends on its level: without a label, that a face moved.
        said = event.get("label", event["report"])
        say(f"event {device} {event['sequence']} {event['apexAt']} {said}")

    def availability(self, device: str, told: dict) -> None:
        status, boot = told["status"], told["bootId"]
        # The broker says "offline" for a connection. One of an earlier start says nothing about the
        # device as it is now.
        if status == "offline" and self.boots.get(device, boot) != boot:
            return
        self.boots[device] = boot
        say(f"{status} {device} {WORDS.get(status, '')}")


def client_of(user: str | None) -> mqtt.Client:
    """Names the client after its user: the broker keeps what comes while it is away."""
    settings = {"client_id": f"consumer-{user or 'example'}", "protocol": mqtt.MQTTv5}
    if hasattr(mqtt, "CallbackAPIVersion"):
        settings["callback_api_version"] = mqtt.CallbackAPIVersion.VERSION2
    return mqtt.Client(**settings)


def main() -> None:
    """Listens until it is told to stop."""
    host = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 1883
    consumer = Consumer(sys.argv[3] if len(sys.argv) > 3 else "flinch")
    user = os.environ.get("FLINCH_USER")
    client = client_of(user)
    if user:
        client.username_pw_set(user, os.environ.get("FLINCH_PASSWORD"))
    if "FLINCH_CA" in os.environ:
        client.tls_set(ca_certs=os.environ["FLINCH_CA"])
    client.on_connect = consumer.on_connect
    client.on_subscribe = consumer.on_subscribe
    client.on_message = consumer.on_message
    session = Properties(PacketTypes.CONNECT)
    session.SessionExpiryInterval = WEEK_S
    client.connect(host, port, clean_start=False, properties=session)
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda *_: client.disconnect())
    client.loop_forever()


if __name__ == "__main__":
    main()
