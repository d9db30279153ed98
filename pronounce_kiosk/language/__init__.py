"""What a language says: Korean pronunciation, units, phones."""
