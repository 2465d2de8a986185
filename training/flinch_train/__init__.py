"""The model side of Flinch: simulated clips in, ONNX graphs out. Never needed on the device."""
