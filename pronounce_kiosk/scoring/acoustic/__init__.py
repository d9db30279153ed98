"""Acoustic models: from clips to phone posteriors and hidden states."""
