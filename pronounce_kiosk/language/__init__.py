"""Language knowledge: Korean pronunciation, units, phones."""
