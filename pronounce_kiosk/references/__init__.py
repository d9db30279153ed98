"""Sentences said right: espeak-ng, gTTS, a teacher's recording, and the cache they go through."""
