"""Screens, one module each. A screen shows the model and passes taps to it."""
