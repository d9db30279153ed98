"""Measure a bundle."""
