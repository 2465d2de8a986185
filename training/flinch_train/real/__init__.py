"""Real people: footage, its split, known expressions laid onto skin, and scores."""
