"""The simulator: a morphable head, painted, lit, moved by action units, and filmed."""
