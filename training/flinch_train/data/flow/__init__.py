"""Onset → apex flow of 28 × 28 pixels: real, as it is shared, and simulated like it."""
