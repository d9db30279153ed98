"""The teacher's part, behind a PIN: lists, references, results, the room, settings."""
