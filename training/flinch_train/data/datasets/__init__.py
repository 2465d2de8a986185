"""Published micro-expression data sets as pools, and the protocols by which they are scored."""
