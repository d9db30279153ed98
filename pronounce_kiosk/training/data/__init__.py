"""Read corpora and make clips for training."""
