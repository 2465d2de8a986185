"""
Runs a GStreamer pipeline that was made for a Jetson: python3 run-pipeline.py PIPELINE DECODER FRAMES.

NVIDIA's elements stand aside for stock ones of the same name, which take the properties that `gst-inspect-1.0` lists on a
Jetson and no others; memory of the device becomes plain memory, and a USB camera a test picture in JPEG. Everything else
is GStreamer's own. DECODER is the stock element behind nvv4l2decoder. Prints what arrived at the appsink, as JSON.
"""

import json
import sys
from typing import Any

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GObject, Gst  # noqa: E402

WAIT_S = 30
RW = GObject.ParamFlags.READWRITE
pipeline, decoder, frames = sys.argv[1], sys.argv[2], int(sys.argv[3])
Gst.init(None)


def whole(low: int, high: int, default: int) -> tuple[Any, ...]:
    return (int, "", "", low, high, default, RW)


def text() -> tuple[Any, ...]:
    return (str, "", "", None, RW)


def flag() -> tuple[Any, ...]:
    return (bool, "", "", False, RW)


def pad(name: str, direction: Gst.PadDirection) -> Gst.PadTemplate:
    return Gst.PadTemplate.new(name, direction, Gst.PadPresence.ALWAYS, Gst.Caps.new_any())


SINK = pad("sink", Gst.PadDirection.SINK)
SRC = pad("src", Gst.PadDirection.SRC)


def stand_in(name: str, inside: str, properties: dict[str, tuple[Any, ...]], source: bool = False) -> None:
    """Registers an element of this name that does what the stock elements inside do."""

    class StandIn(Gst.Bin):
        __gtype_name__ = f"StandIn{name}"
        __gstmetadata__ = (name, "Generic", "Stands in for NVIDIA's", "test")
        __gsttemplates__ = (SRC,) if source else (SINK, SRC)
        __gproperties__ = properties

        def __init__(self) -> None:
            super().__init__()
            self.values: dict[str, Any] = {}
            part = Gst.parse_bin_from_description(inside, True)
            self.add(part)
            for end in part.pads:
                self.add_pad(Gst.GhostPad.new(end.get_name(), end))

        def do_get_property(self, prop: GObject.ParamSpec) -> Any:
            return self.values.get(prop.name, prop.default_value)

        def do_set_property(self, prop: GObject.ParamSpec, value: Any) -> None:
            self.values[prop.name] = value

    Gst.Element.register(None, name, Gst.Rank.NONE, StandIn)


stand_in(
    "nvarguscamerasrc",
    "videotestsrc is-live=true pattern=ball",
    {
        "sensor-id": whole(0, 255, 0),
        "tnr-mode": whole(0, 2, 1),
        "ee-mode": whole(0, 2, 1),
        "aeantibanding": whole(0, 3, 1),
        "exposuretimerange": text(),
        "gainrange": text(),
        "aelock": flag(),
        "awblock": flag(),
    },
    source=True,
)
stand_in("nvvidconv", "videoconvert ! videoscale", {"flip-method": whole(0, 7, 0)})
stand_in("nvjpegdec", "jpegdec", {})
stand_in("nvv4l2decoder", decoder, {"mjpeg": flag(), "enable-max-performance": flag()})
stand_in("testcamera", "videotestsrc is-live=true pattern=ball ! jpegenc", {}, source=True)

try:
    plain = pipeline.replace("(memory:NVMM)", "")
    # With the real v4l2src first: its properties are checked, its device is not opened.
    Gst.parse_launch(plain)
    for part in pipeline.split(" ! "):
        if "NVMM" in part and Gst.Caps.from_string(part) is None:
            raise ValueError(f"no caps: {part}")
    head, rest = plain.split(" ! ", 1)
    running = Gst.parse_launch(f"{'testcamera' if head.startswith('v4l2src ') else head} ! {rest}")
    sinks = [part for part in running.children if part.get_factory().get_name() == "appsink"]
    running.set_state(Gst.State.PLAYING)
    shapes = []
    for _ in range(frames):
        sample = sinks[0].emit("try-pull-sample", WAIT_S * Gst.SECOND)
        if sample is None:
            message = running.get_bus().pop_filtered(Gst.MessageType.ERROR)
            raise RuntimeError(message.parse_error()[0].message if message else "no frame")
        shape = sample.get_caps().get_structure(0)
        size = sample.get_buffer().get_size()
        shapes.append([shape.get_value("format"), shape.get_value("width"), shape.get_value("height"), size])
    running.set_state(Gst.State.NULL)
    print(json.dumps({"sinks": len(sinks), "shapes": shapes}))
except Exception as error:  # GLib.Error is no subclass of anything narrower
    print(json.dumps({"error": str(error)}))
