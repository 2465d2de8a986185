"""How well it all does, beside others."""
