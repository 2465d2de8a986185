"""Footage of real people: its split, known expressions warped into skin, clips of it."""
