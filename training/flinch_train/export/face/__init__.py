"""MediaPipe's face models as ONNX graphs."""
