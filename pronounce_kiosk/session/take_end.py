"""`wait_ms`: how long a pause may last before it ends the take.

A learner who stops to think in the middle of a sentence is waited for; one who has come to its end
is not kept waiting.
"""

from __future__ import annotations

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.session.engine import PracticeEngine

FINISHED_MS = 500
"""Silence after the last sound of a finished sentence. Lower ends sooner, and cuts more last
syllables off that are drawn out or breathed."""


def wait_ms(
    engine: PracticeEngine, take_so_far: AudioClip, sentence: Sentence, pause_wait_ms: int
) -> int | None:
    """Decide how long the pause at the end of a take so far may last before it ends the take.

    Costs about a third of a score: call it in the thread that scores, once a pause.

    Args:
        engine: scores the sentence.
        take_so_far: everything recorded since the take began.
        sentence: what is to be said.
        pause_wait_ms: how long somebody is waited for who has not come to the sentence's end.

    Returns:
        Milliseconds of silence since the last sound; None where the scorer cannot tell.

    Raises:
        ReferenceFailedError: no engine says the sentence.
    """
    reached = engine.reached(take_so_far, sentence)
    if reached is None:
        return None
    return FINISHED_MS if reached.finished else pause_wait_ms
