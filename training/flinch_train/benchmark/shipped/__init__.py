"""What a shipped graph says, and how well."""
