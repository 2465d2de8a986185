"""Real people: footage, its split, known expressions warped into skin, and scores."""
