"""An RTSP server for the tests: python3 rtsp-server.py PORT [h264|h265] [PATTERN] serves /test (25 fps) and prints "ready"."""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

ENCODERS = {
    "h264": "x264enc tune=zerolatency key-int-max=10 speed-preset=ultrafast ! rtph264pay name=pay0 pt=96",
    "h265": "x265enc tune=zerolatency key-int-max=10 speed-preset=ultrafast ! rtph265pay name=pay0 pt=96",
}
encoder = ENCODERS[sys.argv[2] if len(sys.argv) > 2 else "h264"]
pattern = sys.argv[3] if len(sys.argv) > 3 else "ball"
Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(sys.argv[1])
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(
    f"( videotestsrc is-live=true pattern={pattern} ! video/x-raw,format=I420,width=160,height=120,framerate=25/1"
    f" ! {encoder} )"
)
factory.set_shared(True)
server.get_mount_points().add_factory("/test", factory)
if server.attach(None) == 0:
    sys.exit(f"port {sys.argv[1]} is taken")
print("ready", flush=True)
GLib.MainLoop().run()
