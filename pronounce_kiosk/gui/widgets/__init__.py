"""Widgets drawn for this kiosk; each knows one thing and computes nothing."""
