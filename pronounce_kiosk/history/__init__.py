"""Attempts, kept in SQLite: who said what, when, and how well. `store.HistoryStore` is the door."""
