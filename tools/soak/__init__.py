"""Practise for hours through the real window, and check what grows."""
