"""Read, check, write and store sentence lists. Qt-free."""
