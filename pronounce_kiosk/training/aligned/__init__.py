"""Train the aligned architecture: convert acoustic models, fit heads on top of them."""
