"""Developers' tools beside the package: bench, fuzz, soak."""
