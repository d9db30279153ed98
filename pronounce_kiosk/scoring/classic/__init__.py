"""The original team's recipe, kept as the baseline."""
