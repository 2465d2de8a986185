"""What TensorRT and a Jetson can do with the exported graphs, as far as documents tell."""
