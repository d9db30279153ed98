"""Attempts, kept in SQLite: who said what, when, and how well. Others use `store.HistoryStore`."""
