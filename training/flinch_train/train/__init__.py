"""From a pool to weights."""
