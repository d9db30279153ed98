"""Train the classic bundle."""
