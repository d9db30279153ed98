"""Corpora and clips to train with."""
