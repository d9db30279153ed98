"""Microphone, speaker, sound server, sticks and other hardware. Imports only core and audio."""
