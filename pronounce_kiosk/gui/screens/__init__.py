"""One module a screen. A screen shows what the model says and passes taps back."""
