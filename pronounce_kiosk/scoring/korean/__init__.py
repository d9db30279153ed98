"""Score Korean: phones of the standard pronunciation, their evidence, and what follows from it."""
