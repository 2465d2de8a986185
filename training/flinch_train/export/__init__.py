"""Everything that becomes a file in models/ or bench/, and its entry in models/manifest.json."""
