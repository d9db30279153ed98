"""Reference pronunciations: espeak-ng, gTTS, a teacher's recording, and their cache."""
