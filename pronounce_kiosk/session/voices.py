"""`in_voice`: examples said by another voice than the kiosk's own."""

from pronounce_kiosk.session.engine import PracticeEngine

VARIANTS = ("", "+f2", "+m3")
"""Voices a learner can choose for examples: the kiosk's own, and a woman's and a man's that the
English score renders anyway."""


def in_voice(engine: PracticeEngine, variant: str) -> PracticeEngine:
    """Return an engine whose examples a variant of espeak-ng's voice says; "" for the given one.

    What it computes is kept in the engine's cache. Takes are scored against the given one's.
    """
    if not variant:
        return engine
    return PracticeEngine(engine.library, engine.scorer, f"espeak{variant}")
