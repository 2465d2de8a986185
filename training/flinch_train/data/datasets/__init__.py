"""Published micro-expression data sets as clip sets, and the protocols by which they are scored."""
