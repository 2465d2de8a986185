"""The model side of Flinch: simulated clips in, ONNX graphs out. Never needed on the device."""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before ONNX Runtime loads: nothing is told to anyone
