"""Korean: the standard pronunciation, numbers, jamo."""
