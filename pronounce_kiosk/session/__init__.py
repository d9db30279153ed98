"""What the kiosk does, without a window: its states, the practice engine, the advice. No Qt."""
