"""The demonstration: a scripted practice in a real window, with a private sound server."""
