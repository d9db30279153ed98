"""Damage every kind of file the kiosk reads, and check how its readers react."""
