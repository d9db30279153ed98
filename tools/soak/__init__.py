"""Practise for hours through the real window, and see what grows."""
