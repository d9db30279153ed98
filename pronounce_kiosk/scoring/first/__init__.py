"""The first aligned architecture (aligned-1)."""
