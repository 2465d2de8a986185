"""HSTA: one run, its losses and rates, cross-validation, several processes."""
