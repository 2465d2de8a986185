"""Published micro-expression data sets as clip sets."""
