"""Train aligned-1."""
