"""Clips to learn from: rendered, moved by flow, on disk."""
