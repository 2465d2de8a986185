"""From weights to ONNX graphs and their entry in models/manifest.json."""
