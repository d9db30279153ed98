"""The demonstration: a real window and a private sound server, played by a script."""
