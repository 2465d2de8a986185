"""From clips to weights, and the scores that training itself needs."""
