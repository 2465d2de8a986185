"""The motion graph: how each face region moves between two aligned crops, as an ONNX model."""
