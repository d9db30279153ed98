"""A kiosk that hears a learner say a sentence and tells them how well they said it."""

__version__ = "0.2.0"
