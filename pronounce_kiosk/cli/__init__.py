"""The command `pronounce-kiosk`: a file for each command or group of commands."""
