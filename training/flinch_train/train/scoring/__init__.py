"""How well the three heads do: formulas, priors, calibration."""
