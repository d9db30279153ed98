"""Scoring of English takes: phones aligned by CTC, their features, and the heads on top."""
