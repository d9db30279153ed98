"""Widgets drawn for this kiosk. They compute nothing."""
