"""What the daemon's spotter sees and hands over, as its twin; simulated streams for it."""
