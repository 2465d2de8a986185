"""The spotter: streams and segments to learn from, and the run."""
