"""Microphone, speaker and what stands between them and the sound server. Imports only core."""
