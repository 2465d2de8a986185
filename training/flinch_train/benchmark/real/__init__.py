"""Scores on real people, from what Flinch made of their videos."""
