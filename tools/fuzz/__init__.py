"""Damage every kind of file the kiosk reads, and see what its readers make of it."""
