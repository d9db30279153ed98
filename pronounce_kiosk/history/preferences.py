"""What a learner has chosen for themselves: the interface's language, the volume and the like."""

from __future__ import annotations

LANGUAGE = "language"
"""``ko`` or ``en``: the interface's."""
VOLUME = "volume"
"""A step of `gui.volume`, as a number."""
VOICE = "voice"
"""An index of `session.voices.VARIANTS`, as a number."""
LEGEND_SEEN = "legend_seen"
"""``yes`` once the meaning of the units' signs was shown."""
