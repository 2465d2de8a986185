"""What published spotters see in aligned crops, as ONNX graphs; Flinch is compared with them."""
