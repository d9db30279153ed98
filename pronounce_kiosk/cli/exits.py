"""Exit codes of every command."""

DONE, FINDING, BAD_INPUT = 0, 1, 2
