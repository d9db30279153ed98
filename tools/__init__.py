"""What developers run beside the kiosk: bench, fuzz, soak. Not part of the package."""
