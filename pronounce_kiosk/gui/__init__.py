"""The kiosk's window: PyQt5 screens, view models, the worker thread. Widgets compute nothing."""
