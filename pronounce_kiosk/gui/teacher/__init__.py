"""The teacher's pages, behind a PIN: lists, references, results, the room, settings."""
